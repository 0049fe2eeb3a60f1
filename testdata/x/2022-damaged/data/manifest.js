window.__THAR_CONFIG = {
  "userInfo" : {
    "accountId" : "2468013579",
    "userName" : "noor_example",
    "displayName" : "Noor Example, RN"
  },
  "archiveInfo" : {
    "sizeBytes" : "12345",
    "generationDate" : "2026-03-06T13:00:00.000Z",
    "isPartialArchive" : true,
    "maxPartSizeBytes" : "53687091200"
  },
  "readmeInfo" : {
    "fileName" : "data/README.txt",
    "directory" : "data/",
    "name" : "README.txt"
  },
  "dataTypes" : {
    "tweets" : {
      "files" : [
        {
          "fileName" : "data/tweets.js",
          "globalName" : "YTD.x.part0",
          "count" : "7"
        },
        {
          "fileName" : "data/tweets-part1.js",
          "globalName" : "YTD.x.part0",
          "count" : "3"
        },
        {
          "fileName" : "data/tweets-part2.js",
          "globalName" : "YTD.x.part0",
          "count" : "40"
        }
      ]
    },
    "like" : {
      "files" : [
        {
          "fileName" : "data/like.js",
          "globalName" : "YTD.x.part0",
          "count" : "4"
        }
      ]
    },
    "tweetsMedia" : {
      "mediaDirectory" : "data/tweets_media"
    }
  }
}