/** Every environment variable that Perch reads. */
export type Variable =
  /** The TCP port of pages, API and SIP over WebSocket; 0 lets the system choose. Default 8080. */
  | 'PERCH_PORT'
  /** The address to listen on. Default: every address of the machine. */
  | 'PERCH_HOST'
  /** The folder of databases and recordings. Default `./data`. */
  | 'PERCH_DATA'
  /** Where browsers reach this server, such as `https://phone.example.org`. Default: whichever address they used. */
  | 'PERCH_PUBLIC_URL'
  /** A PEM file with the certificate and its chain; with `PERCH_TLS_KEY`. */
  | 'PERCH_TLS_CERT'
  /** A PEM file with the private key of the certificate. */
  | 'PERCH_TLS_KEY'
  /** What browsers may use besides direct paths: a JSON array of RTCIceServer. Default: nothing. */
  | 'PERCH_ICE_SERVERS'
  /** TURN servers that share `PERCH_TURN_SECRET`: `turn:` and `turns:` addresses, commas between. Default: none. */
  | 'PERCH_TURN_URLS'
  /** What those servers check time-limited credentials with (coturn: `static-auth-secret`). */
  | 'PERCH_TURN_SECRET'
  /** The proxies whose X-Forwarded fields count: addresses, subnets, `loopback`, `private`; commas between. Default: none. */
  | 'PERCH_TRUST_PROXY'
  /** The UDP port of the calls that the server itself answers. Default: the system chooses. */
  | 'PERCH_MEDIA_PORT'
  /** The addresses announced for that port, commas between; for servers behind NAT. Default: those of the machine. */
  | 'PERCH_MEDIA_ADDRESSES'
  /** How many seconds a call rings before it goes to voicemail: 5 to 180. Default 25. */
  | 'PERCH_NO_ANSWER_SECONDS'
  /** How many messages a mailbox holds. Default 100. */
  | 'PERCH_VOICEMAIL_MESSAGES'
  /** How many minutes of messages a mailbox holds. Default 60. */
  | 'PERCH_VOICEMAIL_MINUTES'
  /** After how many days a message is deleted. Default: never. */
  | 'PERCH_VOICEMAIL_DAYS'
  /** With fewer megabytes free where the recordings are, callers are told that none can be made. Default 256. */
  | 'PERCH_MIN_FREE_DISK_MB'
  /** Where messages are handed in as mail, such as `smtps://user:password@mail.example.org`. Default: nowhere. */
  | 'PERCH_SMTP_URL'
  /** The sender of mail, such as `Perch <voicemail@example.org>`; with `PERCH_SMTP_URL`. */
  | 'PERCH_MAIL_FROM'
  /** The issuer of an OpenID provider by which people sign in, such as `https://login.example.org`. Default: none. */
  | 'PERCH_OIDC_ISSUER'
  /** What this server is called there; with `PERCH_OIDC_ISSUER`. */
  | 'PERCH_OIDC_CLIENT_ID'
  /** The secret of that client. Default: none, where the provider relies on PKCE. */
  | 'PERCH_OIDC_CLIENT_SECRET'
  /** What people call the provider. Default: the host name of its issuer. */
  | 'PERCH_OIDC_NAME'
  /** The domains of the organizations whose people it knows, commas between. Default: all of this server. */
  | 'PERCH_OIDC_ORGANIZATIONS'
  /** The values of `acr` and `amr` that prove a second factor, commas between. Default `mfa`. */
  | 'PERCH_OIDC_SECOND_FACTOR'
  /** Who runs this server, for push services: `mailto:` or `https:`. Default: the public address, or the sender of mail. */
  | 'PERCH_PUSH_CONTACT'
  /** Networks that are not public, and in which push services may be: as in `PERCH_TRUST_PROXY`. Default: none. */
  | 'PERCH_PUSH_NETWORKS'
  /** Networks that are not public, to which webhooks may go, and without encryption: as in `PERCH_TRUST_PROXY`. Default: none. */
  | 'PERCH_WEBHOOK_NETWORKS'
  /** The bearer token with which Prometheus reads `/metrics`. Default: `/metrics` is closed. */
  | 'PERCH_METRICS_TOKEN'
  /** Who may read `/api/openapi.json`: `people` who are signed in or have a token, or `anyone`. Default `people`. */
  | 'PERCH_API_DESCRIPTION'
  /**
   * Where each call goes as a trace (OpenTelemetry, OTLP over HTTP), such as `http://localhost:4318`; the exporter reads its other variables itself. Default:
   * nowhere.
   */
  | 'OTEL_EXPORTER_OTLP_ENDPOINT'
  /** The same for traces alone, with the path. */
  | 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'
  /** `true`: all the same, nothing goes there. */
  | 'OTEL_SDK_DISABLED'
  /** The least severity that is logged: silent, error, warn, info or debug. Default info. */
  | 'PERCH_LOG';

/** Like `process.env`, with other programs' variables, too. */
export type Environment = Readonly<Record<string, string | undefined>>;
