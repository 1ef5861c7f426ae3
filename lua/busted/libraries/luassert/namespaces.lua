--- What was registered: by kind ("assertion", "modifier", "matcher" …), by name.
return { assertion = {}, modifier = {}, matcher = {} };
