window.YTD.direct_messages_group.part0 = [
  {
    "dmConversation" : {
      "conversationId" : "1500000000000000000",
      "messages" : [
        {
          "conversationNameUpdate" : {
            "initiatingUserId" : "777000111",
            "name" : "Ward 7 &amp; friends",
            "createdAt" : "2022-03-05T09:00:00.000Z"
          }
        },
        {
          "messageCreate" : {
            "reactions" : [ ],
            "urls" : [ ],
            "text" : "hello group",
            "mediaUrls" : [ ],
            "senderId" : "2468013579",
            "id" : "1500000000000000009",
            "createdAt" : "2022-03-05T08:00:00.000Z"
          }
        },
        {
          "joinConversation" : {
            "initiatingUserId" : "777000111",
            "participantsSnapshot" : [
              "2468013579",
              "777000111"
            ],
            "createdAt" : "2022-03-05T07:00:00.000Z"
          }
        },
        {
          "messageCreate" : {
            "reactions" : [ ],
            "urls" : [ ],
            "text" : "hello from others",
            "mediaUrls" : [ ],
            "senderId" : "777000111",
            "id" : "1500000000000000008",
            "createdAt" : "2022-03-05T07:30:00.000Z"
          }
        }
      ]
    }
  }
]