/** What is wrong with a name: the rule it breaks and the index of the first offending character. */
export interface NameFault { readonly at: number; readonly rule: string }

// Each check walks the text once and names the first place that breaks the rule; the rules are apimachinery's util/validation.
const lower = (c: number): boolean => c >= 97 && c <= 122;
const upper = (c: number): boolean => c >= 65 && c <= 90;
const digit = (c: number): boolean => c >= 48 && c <= 57;
const dash = 45;
const dot = 46;
const underscore = 95;

const labelRule = 'a DNS label is at most 63 of a–z, 0–9 and "-", and begins and ends with a letter or digit (RFC 1123)';
const subdomainRule = 'a DNS name is at most 253 of a–z, 0–9, "-" and ".", and each part begins and ends with a letter or digit (RFC 1123)';
const serviceRule = 'a Service name is at most 63 of a–z, 0–9 and "-", begins with a letter and ends with a letter or digit (RFC 1035)';
const portNameRule = 'a port name is at most 15 of a–z, 0–9 and "-", with at least one letter, no "--", and no "-" at either end (IANA_SVC_NAME)';
const labelValueRule = 'a label value is empty or at most 63 of letters, digits, "-", "_" and ".", and begins and ends with a letter or digit';
const qualifiedRule = 'a key is an optional DNS name and "/", then at most 63 of letters, digits, "-", "_" and ".", beginning and ending with a letter or digit';

function scan(text: string, max: number, rule: string, allowed: (c: number) => boolean, edge: (c: number) => boolean): NameFault | null {
  if (text === '') return { at: 0, rule };
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (i >= max || !allowed(c) || (i === 0 && !edge(c))) return { at: i, rule };
  }
  return edge(text.charCodeAt(text.length - 1)) ? null : { at: text.length - 1, rule };
}

const lowerDigit = (c: number): boolean => lower(c) || digit(c);
const lowerDigitDash = (c: number): boolean => lowerDigit(c) || c === dash;
const anyCase = (c: number): boolean => lowerDigit(c) || upper(c);
const anyCaseSigns = (c: number): boolean => anyCase(c) || c === dash || c === underscore || c === dot;

/** IsDNS1123Label. */
export const checkLabel = (text: string): NameFault | null => scan(text, 63, labelRule, lowerDigitDash, lowerDigit);

/** IsDNS1123Subdomain. */
export function checkSubdomain(text: string): NameFault | null {
  if (text === '') return { at: 0, rule: subdomainRule };
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const edge = i === 0 || i === text.length - 1 || text.charCodeAt(i - 1) === dot;
    const endsPart = c === dot && !lowerDigit(text.charCodeAt(i - 1));
    if (endsPart) return { at: Math.max(0, i - 1), rule: subdomainRule };
    if (i >= 253 || !(lowerDigitDash(c) || c === dot) || (edge && !lowerDigit(c))) return { at: i, rule: subdomainRule };
  }
  return null;
}

/** IsFullyQualifiedDomainName: at least two labels, and perhaps a dot behind them. */
export function checkFullName(text: string): NameFault | null {
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  return checkSubdomain(name) ?? (name.includes('.') ? null : { at: 0, rule: `a full domain name has at least two parts; ${subdomainRule}` });
}

/** IsDNS1035Label: what a Service's name must be. */
export function checkServiceName(text: string): NameFault | null {
  const fault = scan(text, 63, serviceRule, lowerDigitDash, lowerDigit);
  return fault ?? (lower(text.charCodeAt(0)) ? null : { at: 0, rule: serviceRule });
}

/** IsValidPortName. */
export function checkPortName(text: string): NameFault | null {
  const fault = scan(text, 15, portNameRule, lowerDigitDash, lowerDigit);
  if (fault) return fault;
  const double = text.indexOf('--');
  if (double >= 0) return { at: double + 1, rule: portNameRule };
  return Array.from(text).some((c) => lower(c.charCodeAt(0))) ? null : { at: 0, rule: portNameRule };
}

/** IsValidLabelValue. */
export const checkLabelValue = (text: string): NameFault | null => (text === '' ? null : scan(text, 63, labelValueRule, anyCaseSigns, anyCase));

/** IsQualifiedName: keys of labels and annotations, and appProtocol. */
export function checkQualifiedName(text: string): NameFault | null {
  const slash = text.indexOf('/');
  if (slash >= 0) {
    const prefix = checkSubdomain(text.slice(0, slash));
    if (prefix) return { at: prefix.at, rule: qualifiedRule };
  }
  const name = scan(text.slice(slash + 1), 63, qualifiedRule, anyCaseSigns, anyCase);
  return name ? { at: slash + 1 + name.at, rule: qualifiedRule } : null;
}

/** IsValidPathSegmentName: what kinds without a DNS rule of their own, such as RBAC's, still must not hold. */
export function checkPathSegment(text: string): NameFault | null {
  const rule = 'a name may not be empty, "." or "..", and may not hold "/" or "%"';
  const at = text.search(/[/%]/);
  return text === '' || text === '.' || text === '..' ? { at: 0, rule } : at >= 0 ? { at, rule } : null;
}

/** IsWildcardDNS1123Subdomain: an Ingress host such as `*.example.com`. */
export function checkWildcard(text: string): NameFault | null {
  const rule = `a wildcard host is "*." and a DNS name; ${subdomainRule}`;
  if (!text.startsWith('*.')) return { at: 0, rule };
  const fault = checkSubdomain(text.slice(2));
  return fault ? { at: fault.at + 2, rule } : null;
}
