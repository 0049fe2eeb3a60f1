window.YTD.article.part0 = [
  {
    "article" : {
      "id" : "1860000000000000001",
      "title" : "What nights taught me",
      "content" : {
        "blocks" : [
          {
            "type" : "unstyled",
            "text" : "First paragraph."
          },
          {
            "type" : "unstyled",
            "text" : "Second & last."
          }
        ],
        "entityMap" : { }
      }
    }
  },
  {
    "article" : {
      "id" : "1860000000000000002",
      "title" : "Not ready",
      "data" : "Still thinking"
    }
  }
]