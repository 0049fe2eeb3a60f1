window.YTD.account.part0 = [
  {
    "account" : {
      "email" : "noor@example.org",
      "createdVia" : "web",
      "username" : "noor_example",
      "accountId" : "2468013579",
      "createdAt" : "2009-03-01T10:00:00.000Z",
      "accountDisplayName" : "Noor Example, RN"
    }
  }
]