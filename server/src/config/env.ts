/** Every environment variable that Perch reads. */
export type Variable =
  /** The TCP port of pages, API and SIP over WebSocket; 0 lets the system choose. Default 8080. */
  | 'PERCH_PORT'
  /** The address to listen on. Default: every address of the machine. */
  | 'PERCH_HOST'
  /** The folder of the databases. Default `./data`. */
  | 'PERCH_DATA'
  /** Where browsers reach this server, such as `https://phone.example.org`. Default: wherever they came by. */
  | 'PERCH_PUBLIC_URL'
  /** A PEM file with the certificate and its chain; with `PERCH_TLS_KEY`. */
  | 'PERCH_TLS_CERT'
  /** A PEM file with the private key of the certificate. */
  | 'PERCH_TLS_KEY'
  /** What browsers may use besides direct paths: a JSON array of RTCIceServer. Default: nothing. */
  | 'PERCH_ICE_SERVERS'
  /** The proxies whose X-Forwarded fields count: addresses, subnets, `loopback`, `private`; commas between. Default: none. */
  | 'PERCH_TRUST_PROXY'
  /** The UDP port of the calls that the server itself answers. Default: the system chooses. */
  | 'PERCH_MEDIA_PORT'
  /** The addresses announced for that port, commas between; for servers behind NAT. Default: those of the machine. */
  | 'PERCH_MEDIA_ADDRESSES'
  /** The least severity that is logged: silent, error, warn, info or debug. Default info. */
  | 'PERCH_LOG';

/** As `process.env` is: with variables of others, too. */
export type Environment = Readonly<Record<string, string | undefined>>;
