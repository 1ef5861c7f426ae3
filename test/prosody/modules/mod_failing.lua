error("not today");
