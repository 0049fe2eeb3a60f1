window.YTD.professional_data.part0 = [
  {
    "professionalData" : {
      "accountId" : "2468013579",
      "professionalId" : "1",
      "professionalType" : "Creator",
      "categoryName" : "Medical & Health",
      "setToDisplay" : true
    }
  }
]