window.YTD.periscope_profile_description.part0 = [
  {
    "periscopeProfileDescription" : {
      "description" : "Live from the hills",
      "profileImageUrls" : [ ]
    }
  }
]