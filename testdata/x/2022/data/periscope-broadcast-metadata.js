window.YTD.periscope_broadcast_metadata.part0 = [
  {
    "periscopeBroadcastMetadata" : {
      "id" : "1XyZ",
      "hasLocation" : false,
      "createdAt" : "2019-01-01T10:00:00.000Z",
      "title" : "Fell running, live"
    }
  }
]