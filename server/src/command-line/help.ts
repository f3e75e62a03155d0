import { fileURLToPath } from 'node:url';

const OPERATIONS = fileURLToPath(new URL('../../../docs/operations.md', import.meta.url));

const HELP_OF_PERCH = `Perch: a browser softphone with its own signaling server.

  perch             serves; the first start prints a link that creates your organization
  perch demo        serves an organization to try, and prints a link for each of its phones
  perch demo --lan  the same for other devices of the network, over HTTPS
  perch backup FOLDER   makes a backup of the data folder, also while Perch serves
  perch backup --follow FOLDER   keeps a copy that has what Perch stored a moment ago, until it is stopped
  perch restore FOLDER  makes a data folder of a backup, while Perch is stopped
  perch --help      prints this; perch demo --help has the options of the demo, perch backup --help says more
  perch --version   prints the version

Settings are environment variables. The ones that are wanted first:
  PERCH_PORT         TCP port of everything but sound; default 8080
  PERCH_DATA         folder of the databases and recordings; default ./data
  PERCH_PUBLIC_URL   where browsers reach the server, such as https://phone.example.org
  PERCH_TLS_CERT, PERCH_TLS_KEY   PEM files; browsers give the microphone only to https: pages and to localhost
  PERCH_TRUST_PROXY  the proxies in front of it: addresses, subnets, loopback, private
All of them, and how to run Perch for good: ${OPERATIONS}
`;

const HELP_OF_DEMO = `perch demo serves an organization to try: four people, three stations, and a link for each.

  perch demo                the microphone works in browsers on this machine, at localhost
  perch demo --lan          it works on other devices of the network too: serves HTTPS with a certificate made here
  perch demo --lan=ADDRESS  the same, at that address of this machine
  perch demo --json         prints the links and secrets as one line of JSON

Its data is in ./data/demo, or where PERCH_DATA says; delete the folder to begin anew. PERCH_PORT is its port, 8080 by default.
`;

const HELP_OF_BACKUPS = `perch backup FOLDER makes a backup of the data folder that PERCH_DATA names, ./data by default. Perch may serve meanwhile.

  perch backup /backup/perch-$(date +%F)

FOLDER must not be there yet; it gets its name once it is complete. Run this as the user that Perch runs as, or as root. A backup has
everything that the data folder has, secrets included: keep it as safe. Exit code 0: it is made. 1: it is not, and nothing is left of it.

perch backup --follow FOLDER keeps a copy of the data folder of a Perch that serves, a second behind it, until it is stopped. FOLDER is its own from then
on; another start goes on with it. It can be restored at any time, also while it follows. Run it as a service, as the user that Perch runs as, or as root.

perch restore FOLDER makes of a backup the data folder that PERCH_DATA names, which must be empty or not there.

  PERCH_DATA=/var/lib/perch perch restore /backup/perch-2026-11-28

It is checked first: where something is missing or altered, nothing is restored. What a restored server has forgotten: ${OPERATIONS}
`;

/** What `--help` prints, by what it is asked about. */
export const HELP = {
  perch: HELP_OF_PERCH,
  demo: HELP_OF_DEMO,
  backup: HELP_OF_BACKUPS,
  restore: HELP_OF_BACKUPS,
} as const;
