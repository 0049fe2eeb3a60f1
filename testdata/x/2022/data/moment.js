window.YTD.moment.part0 = [
  {
    "moment" : {
      "momentId" : "900000000000000001",
      "createdAt" : "2017-08-22T10:00:00.000Z",
      "createdBy" : "2468013579",
      "title" : "My race",
      "description" : "Ten miles in the rain",
      "coverMediaUrls" : [ ],
      "tweets" : [ ]
    }
  }
]