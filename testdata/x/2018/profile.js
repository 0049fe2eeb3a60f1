window.YTD.profile.part0 = [
  {
    "profile" : {
      "description" : {
        "bio" : "Healthcare assistant",
        "website" : "https://t.co/site",
        "location" : "Leeds"
      },
      "avatarMediaUrl" : "https://example.org/a.jpg"
    }
  }
]