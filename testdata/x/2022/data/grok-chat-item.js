window.YTD.grok_chat_item.part0 = [
  {
    "grokChatItem" : {
      "accountId" : "2468013579",
      "chatId" : "1880000000000000001",
      "createdAt" : "2025-01-17T10:00:00.000Z",
      "sender" : {
        "name" : "User"
      },
      "message" : "How do I word a complaint?",
      "grokMode" : {
        "name" : "Normal"
      },
      "attachments" : [ ],
      "postIds" : [ ]
    }
  },
  {
    "grokChatItem" : {
      "accountId" : "2468013579",
      "chatId" : "1880000000000000001",
      "createdAt" : "2025-01-17T10:00:05.000Z",
      "sender" : {
        "name" : "Agent"
      },
      "message" : "Words of a machine, not of a person",
      "grokMode" : {
        "name" : "Normal"
      },
      "attachments" : [ ],
      "postIds" : [ ]
    }
  }
]