/** Every environment variable that Perch reads, with what an administrator is told about it. */
export const VARIABLES = {
  PERCH_PORT: 'The TCP port of pages, API and SIP over WebSocket; 0 lets the system choose. Default 8080.',
  PERCH_HOST: 'The address to listen on. Default: every address of the machine.',
  PERCH_DATA: 'The folder of the databases. Default ./data.',
  PERCH_PUBLIC_URL: 'Where browsers reach this server, such as https://phone.example.org.',
  PERCH_TLS_CERT: 'A PEM file with the certificate and its chain; with PERCH_TLS_KEY.',
  PERCH_TLS_KEY: 'A PEM file with the private key of the certificate.',
  PERCH_ICE_SERVERS: 'What browsers may use besides direct paths: a JSON array of RTCIceServer.',
  PERCH_TRUST_PROXY:
    'The proxies whose X-Forwarded headers count: addresses, subnets, "loopback", "private"; commas between.',
  PERCH_MEDIA_PORT: 'The UDP port of the calls that the server itself answers. Default: the system chooses.',
  PERCH_MEDIA_ADDRESSES: 'The addresses announced for that port, commas between; for servers behind NAT.',
  PERCH_LOG: 'The least severity that is logged: silent, error, warn, info or debug. Default info.',
} as const;

/** As `process.env` is: with variables of others, too. */
export type Environment = Readonly<Record<string, string | undefined>>;
