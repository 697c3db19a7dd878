// What the Node peers share, as rewriting.py for Python: node PEER.mjs FOLDER CODE
import fs from 'node:fs';
import path from 'node:path';

function* pages(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* pages(name);
    else if (/\.html?$/i.test(entry.name)) yield name;
  }
}

// Latin-1 gives the bytes of any encoding through.
export async function main(rewrite) {
  process.umask(0);
  const code = fs.readFileSync(process.argv[3], 'latin1');
  for (const name of pages(process.argv[2])) {
    try {
      const after = await rewrite(fs.readFileSync(name, 'latin1'), code);
      const temporary = `${name}.peer~`;
      fs.writeFileSync(temporary, after, { encoding: 'latin1', flag: 'wx', mode: fs.statSync(name).mode & 0o7777 });
      fs.renameSync(temporary, name);
    } catch (error) {
      console.error(`${name}: ${error}`);
      process.exitCode = 1;
    }
  }
}
