import { fileURLToPath } from 'node:url';

const OPERATIONS = fileURLToPath(new URL('../../../docs/operations.md', import.meta.url));

export const HELP = `Perch: a browser softphone with its own signaling server.

  perch             serves; the first start prints a link that creates your organization
  perch demo        serves an organization to try, and prints a link for each of its phones
  perch demo --lan  the same for other devices of the network, over HTTPS
  perch --help      prints this; perch demo --help has the options of the demo
  perch --version   prints the version

Settings are environment variables. The ones that are wanted first:
  PERCH_PORT         TCP port of everything but sound; default 8080
  PERCH_DATA         folder of the databases and recordings; default ./data
  PERCH_PUBLIC_URL   where browsers reach the server, such as https://phone.example.org
  PERCH_TLS_CERT, PERCH_TLS_KEY   PEM files; browsers give the microphone only to https: pages and to localhost
  PERCH_TRUST_PROXY  the proxies in front of it: addresses, subnets, loopback, private
All of them, and how to run Perch for good: ${OPERATIONS}
`;

export const DEMO_HELP = `perch demo serves an organization to try: four people, three stations, and a link for each.

  perch demo                the microphone works in browsers on this machine, at localhost
  perch demo --lan          it works on other devices of the network too: serves HTTPS with a certificate made here
  perch demo --lan=ADDRESS  the same, at that address of this machine
  perch demo --json         prints the links and secrets as one line of JSON

Its data is in ./data/demo, or where PERCH_DATA says; delete the folder to begin anew. PERCH_PORT is its port, 8080 by default.
`;
