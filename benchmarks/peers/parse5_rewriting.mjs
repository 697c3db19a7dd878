// parse5's rewriting stream: tokens pass as they stand, the code before the end tag of the head.
import { RewritingStream } from 'parse5-html-rewriting-stream';
import { main } from './rewriting.mjs';

await main((page, code) => new Promise((resolve, reject) => {
  const stream = new RewritingStream();
  const chunks = [];
  stream.on('endTag', (tag, raw) => stream.emitRaw(tag.tagName === 'head' ? code + raw : raw));
  stream.on('data', (chunk) => chunks.push(chunk));
  stream.on('end', () => resolve(chunks.join('')));
  stream.on('error', reject);
  stream.end(page);
}));
