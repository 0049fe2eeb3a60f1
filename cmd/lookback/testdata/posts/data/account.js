window.YTD.account.part0 = [ { "account" : { "username" : "quiet_quentin", "accountId" : "46", "accountDisplayName" : "Quentin" } } ]
