var user_details =  {
  "expanded_url": "http://example.org",
  "screen_name": "noor_example",
  "location": "Leeds",
  "full_name": "Noor Example",
  "bio": "Student &amp; &quot;runner&quot;",
  "id": "2468013579",
  "created_at": "2009-03-01 10:00:00 +0000"
}