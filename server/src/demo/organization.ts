/** The demo's organization: its extensions, and their names and secrets. */
export const ORGANIZATION = {
  name: 'Perch Demo',
  domain: 'demo.perch.test',
  emergencyNumbers: ['112', '911'],
  administratorEmail: 'admin@demo.perch.test',
};

interface DemoExtension {
  readonly number: string;
  readonly name: string;
  readonly kind: 'person' | 'station';
  readonly allowVirtualization: boolean;
  readonly secretCode: string | null;
  readonly voicemailPin: string | null;
}

const person = (number: string, name: string, secretCode: string, voicemailPin: string): DemoExtension => ({
  number,
  name,
  kind: 'person',
  allowVirtualization: true,
  secretCode,
  voicemailPin,
});

const station = (number: string, name: string, allowVirtualization: boolean): DemoExtension => ({
  number,
  name,
  kind: 'station',
  allowVirtualization,
  secretCode: null,
  // Anyone at a desk can listen to its messages there, and they cannot be heard elsewhere.
  voicemailPin: null,
});

export const EXTENSIONS: readonly DemoExtension[] = [
  person('101', 'Ada', '2705', '6318'),
  person('102', 'Ben', '8146', '3059'),
  person('103', 'Chloe', '5390', '9472'),
  person('104', 'Dev', '7263', '1684'),
  station('201', 'Front desk', true),
  station('202', 'Back office', true),
  station('203', 'Server room', false),
];
