window.YTD.spaces_metadata.part0 = [
  {
    "spacesMetadata" : {
      "id" : "1SpAcE",
      "creatorUserId" : "2468013579",
      "createdAt" : "2022-01-01T10:00:00.000Z",
      "endedAt" : "2022-01-01T11:00:00.000Z"
    }
  }
]