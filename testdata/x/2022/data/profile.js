window.YTD.profile.part0 = [
  {
    "profile" : {
      "description" : {
        "bio" : "Nurse & runner. Views my own &lt;3",
        "website" : "https://t.co/site",
        "location" : "Leeds"
      },
      "avatarMediaUrl" : "https://example.org/a.jpg"
    }
  }
]