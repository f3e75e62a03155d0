/** What only tests need. */
const FOR_TESTS = '/support/';

/** The one-way streets of ARCHITECTURE.md. */
const rule = (name, comment, from, to, extra = {}) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from, pathNot: `\\.test\\.ts$|${FOR_TESTS}`, ...extra.from },
  to: { path: to, ...extra.to },
});

const S = '^server/src/';

/** The rooms of `media/`, from the ground up: each may import those before it. */
const MEDIA = [
  ...['codec', 'ogg', 'rtp', 'srtp', 'ice', 'dtls', 'sdp'],
  ...['sound-files', 'conversion', 'playback', 'recording', 'mix', 'bridge', 'webrtc'],
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'A circle of imports is one room pretending to be two, be they of types only.',
      from: {},
      to: { circular: true },
    },
    rule('shared-stands-alone', 'shared imports nothing of ours.', '^shared/src/', '^(server|client)/'),
    rule('client-and-server-apart', 'They meet in shared only.', '^client/src/', '^server/'),
    rule('server-never-client', 'They meet in shared only.', '^server/src/', '^client/'),
    rule(
      'jssip-in-one-room',
      'Only client/src/sip knows JsSIP.',
      '^client/src/(?!sip/)',
      'node_modules/jssip',
    ),
    rule(
      'ui-is-told-everything',
      'Primitives: props in, callbacks out.',
      '^client/src/ui/',
      '^client/src/(state|pages|api|sip)/',
    ),
    rule(
      'phone-is-pure',
      'What a page decides imports nothing of ours but shared.',
      '^client/src/phone/',
      '^(client/src/(?!phone/)|server/)',
    ),
    rule(
      'dialogs-have-a-layer',
      'A dialog of a phone gives way to what rings: pages open it through layered-dialog.',
      '^client/src/pages/(terminal|station|phone)/(?!layers/layered-dialog)',
      '^client/src/ui/dialog',
    ),
    rule(
      'sip-knows-sip',
      'The SIP stack has never heard of desks, SQL or HTTP.',
      `${S}sip/`,
      `${S}(?!sip/|collections/|world/)`,
    ),
    rule(
      'message-is-the-ground',
      'sip/message imports nothing above it.',
      `${S}sip/message/`,
      `${S}sip/(?!message/)`,
    ),
    rule(
      'transport-below-transaction',
      'Down only.',
      `${S}sip/transport/`,
      `${S}sip/(transaction|dialog|user-agent)/`,
    ),
    rule('transaction-below-dialog', 'Down only.', `${S}sip/transaction/`, `${S}sip/(dialog|user-agent)/`),
    rule('dialog-below-user-agent', 'Down only.', `${S}sip/dialog/`, `${S}sip/user-agent/`),
    rule(
      'heart-is-pure',
      'Virtualization imports only shared.',
      `${S}exchange/virtualization/`,
      `${S}(?!exchange/virtualization/)`,
    ),
    rule(
      'machines-are-pure',
      'A machine takes time, chance and the world as arguments.',
      `${S}(exchange/virtualization/|.*/machines/|.*(machine|dialogue)\\.ts|sip/message/)`,
      '^(node:|fs|net|http|crypto|dgram|timers)|node_modules/(?!@perch)',
      { to: { dependencyTypesNot: ['type-only'] } },
    ),
    rule(
      'edge-never-exchange',
      'The edge reaches an organization by its port and the values of its contract.',
      `${S}edge/`,
      `${S}(exchange/(?!contract/)|cluster/(?!port\\.ts))`,
    ),
    rule(
      'contract-is-values',
      'What crosses the border of an organization: no room of it, and no adapter.',
      `${S}exchange/contract/`,
      `${S}(?!exchange/contract/|sip/message/|sip/transport/flow\\.ts)`,
    ),
    rule(
      'management-asks-ports',
      'What may be done, apart from how it is stored, sent or heard.',
      `${S}management/`,
      `${S}(storage|http|media|edge|sip)/`,
    ),
    rule(
      'http-never-storage',
      'http asks ports.',
      `${S}http/`,
      `${S}(storage|recordings|mail)/|^server/src/push/(?!ports)`,
    ),
    rule(
      'exchange-asks-ports',
      'The exchange never names an adapter.',
      `${S}exchange/`,
      `${S}(http|storage|recordings|mail|push|cluster|config|demo)/`,
    ),
    rule(
      'collections-know-nothing',
      'Data structures import nothing of ours.',
      `${S}collections/`,
      `^(shared|server|client)/(?!src/collections/)`,
    ),
    rule(
      'world-knows-nothing',
      'Time and chance import nothing of ours.',
      `${S}world/`,
      `^(shared|server|client)/(?!src/world/)`,
    ),
    rule(
      'media-knows-no-sip',
      'Sound, no SIP.',
      `${S}media/`,
      `${S}(sip|exchange|http|storage|recordings|mail|cluster)/`,
    ),
    ...MEDIA.slice(0, -1).map((room, floor) =>
      rule(
        'media-downwards',
        'Down only.',
        `${S}media/${room}/`,
        `${S}media/(${MEDIA.slice(floor + 1).join('|')})/`,
      ),
    ),
    rule(
      'support-is-for-tests',
      'What only tests need is never part of the product.',
      '^(shared|server|client)/src/',
      `^(shared|server|client)/src/.*(${FOR_TESTS})`,
    ),
    rule(
      'simulator-outside',
      'What simulates, measures, fuzzes or breaks the product is never part of it.',
      '^(shared|server|client)/src/',
      '^server/(simulator|bench|fuzz|altered)/',
    ),
    rule(
      'storage-below-everything',
      'Storage implements ports.',
      `${S}storage/`,
      `${S}(http|cluster|sip|media|edge|recordings)/|^server/src/(mail|push)/(?!ports)`,
    ),
    rule(
      'sql-in-one-room',
      'Only the adapter speaks SQL.',
      `${S}(?!storage/sqlite/)`,
      'node_modules/(better-sqlite3|kysely)',
    ),
    rule(
      'openid-in-one-room',
      'Only server/src/openid knows openid-client.',
      `${S}(?!openid/)`,
      'node_modules/openid-client',
    ),
    rule(
      'web-push-in-one-room',
      'Only server/src/push knows web-push.',
      `${S}(?!push/)`,
      'node_modules/web-push',
    ),
    rule(
      'composition-root',
      'Only serve and demo see the composition root.',
      `${S}(?!serve\\.ts|demo/|server\\.ts)`,
      `${S}server\\.ts`,
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'svelte', 'node'],
    },
  },
};
