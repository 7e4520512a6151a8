import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
const openssl = (...args: readonly string[]): void => void execFileSync('openssl', ['req', '-x509', ...curve, ...args], { stdio: 'pipe' });

/** An authority of its own in this folder, and certificates that it signs for a name when first asked; the answer is `DIR/NAME`, for `NAME.pem` and `NAME.key`. */
export function certificatesIn(dir: string): { readonly authority: string; readonly certificate: (name: string) => string } {
  const authority = path.join(dir, 'authority');
  openssl('-subj', '/CN=Podhop kernel lab', '-keyout', `${authority}.key`, '-out', `${authority}.pem`);
  return {
    authority: `${authority}.pem`,
    certificate: (name) => {
      const file = path.join(dir, name);
      if (!existsSync(`${file}.pem`)) openssl('-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-addext', 'basicConstraints=critical,CA:FALSE', '-CA', `${authority}.pem`, '-CAkey', `${authority}.key`, '-keyout', `${file}.key`, '-out', `${file}.pem`);
      return file;
    },
  };
}
