window.YTD.direct_messages.part0 = [
  {
    "dmConversation" : {
      "conversationId" : "777000111-2468013579",
      "messages" : [
        {
          "messageCreate" : {
            "reactions" : [ ],
            "urls" : [
              {
                "url" : "https://t.co/dm1",
                "expanded" : "https://example.org/rota?x=1&para=2",
                "display" : "example.org/rota"
              }
            ],
            "text" : "bring the rota &amp; pens https://t.co/dm1",
            "mediaUrls" : [ ],
            "senderId" : "2468013579",
            "id" : "1600000000000000003",
            "createdAt" : "2022-12-06T06:01:59.000Z",
            "recipientId" : "777000111"
          }
        },
        {
          "messageCreate" : {
            "reactions" : [ ],
            "urls" : [ ],
            "text" : "words of somebody else entirely",
            "mediaUrls" : [ ],
            "senderId" : "777000111",
            "id" : "1600000000000000002",
            "createdAt" : "2022-12-06T06:01:58.000Z",
            "recipientId" : "2468013579"
          }
        }
      ]
    }
  },
  {
    "dmConversation" : {
      "conversationId" : "777000111-2468013579",
      "messages" : [
        {
          "messageCreate" : {
            "reactions" : [ ],
            "urls" : [
              {
                "url" : "https://t.co/dmpic",
                "expanded" : "https://twitter.com/messages/media/1600000000000000001",
                "display" : "pic.twitter.com/dmpic"
              }
            ],
            "text" : "first message ever",
            "mediaUrls" : [
              "https://ton.twitter.com/dm/1600000000000000001/1/xyz.jpg"
            ],
            "senderId" : "2468013579",
            "id" : "1600000000000000001",
            "createdAt" : "2022-12-06T06:01:57.000Z",
            "recipientId" : "777000111"
          }
        }
      ]
    }
  }
]