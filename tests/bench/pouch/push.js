// A fresh PouchDB with the documents of a file pushes them: node push.js FOLDER PORT DOCUMENTS; prints milliseconds.
const [, , folder, port, documents] = process.argv;
const PouchDB = require('pouchdb').defaults({ prefix: folder + '/' });
(async () => {
  const lines = require('fs').readFileSync(documents, 'utf8').trim().split('\n');
  const here = new PouchDB('here');
  await here.bulkDocs(lines.map(JSON.parse).map(each => ({ _id: each.id, ...each.doc })));
  const began = process.hrtime.bigint();
  const report = await here.replicate.to(`http://127.0.0.1:${port}/there`);
  const took = Number(process.hrtime.bigint() - began) / 1e6;
  if (report.docs_written !== lines.length) throw new Error('not all were written');
  console.log(took);
})().catch(failure => { console.error(failure); process.exit(1); });
