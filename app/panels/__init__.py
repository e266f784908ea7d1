"""Parts of pages: each puts engine results and charts together for one purpose."""
