// PouchDB's server on LevelDB: node server.js FOLDER; prints its port.
const folder = process.argv[2];
const PouchDB = require('pouchdb').defaults({ prefix: folder + '/' });
const app = require('express')();
const settings = { mode: 'minimumForPouchDB', logPath: folder + '/log.txt', configPath: folder + '/config.json' };
app.use('/', require('express-pouchdb')(PouchDB, settings));
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
