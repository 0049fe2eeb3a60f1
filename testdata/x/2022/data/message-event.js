window.YTD.message_event.part0 = [
  {
    "messageEvent" : {
      "sequenceId" : "1",
      "messageId" : "m",
      "senderId" : "2468013579",
      "conversationId" : "c",
      "createdAtMsec" : "1760000000000",
      "detail" : {
        "messageCreateEvent" : {
          "contents" : "AAAA"
        }
      }
    }
  }
]