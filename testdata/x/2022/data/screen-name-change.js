window.YTD.screen_name_change.part0 = [
  {
    "screenNameChange" : {
      "accountId" : "2468013579",
      "screenNameChange" : {
        "changedAt" : "2018-05-01T00:00:00.000Z",
        "changedFrom" : "noor_2",
        "changedTo" : "noor_example"
      }
    }
  },
  {
    "screenNameChange" : {
      "accountId" : "2468013579",
      "screenNameChange" : {
        "changedAt" : "2012-05-01T00:00:00.000Z",
        "changedFrom" : "noor_1",
        "changedTo" : "noor_2"
      }
    }
  }
]