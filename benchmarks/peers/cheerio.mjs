// cheerio: parse with parse5, append to the head, serialise.
import { load } from 'cheerio';
import { main } from './rewriting.mjs';

await main((page, code) => {
  const $ = load(page);
  $('head').append(code);
  return $.html();
});
