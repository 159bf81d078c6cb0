/* main.ts - the loader: an island is fetched when the page has an element that asks for it. */
export {}
