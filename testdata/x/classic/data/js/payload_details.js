var payload_details =  {
  "tweets": 8,
  "created_at": "2018-04-21 14:10:11 +0000",
  "lang": "en"
}