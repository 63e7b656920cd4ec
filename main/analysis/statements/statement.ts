import type { CategoryCount, ConfidenceReason, Finding } from '../../../shared/model/finding.ts';
import { categoryEnglish, categoryChinese } from './category-words.ts';
import { kindNames, proposedKind, stepName, type StatementLanguage } from './names.ts';

/** What a sentence is made of: any finding or draft. The value of an identifier never stands in it. */
export type StatementFacts = Pick<
  Finding,
  | 'rule'
  | 'confidence'
  | 'confidenceReason'
  | 'identifier'
  | 'transform'
  | 'representation'
  | 'channel'
  | 'contentKnownBy'
  | 'direction'
  | 'frames'
  | 'field'
  | 'destination'
  | 'consent'
  | 'consentReason'
  | 'form'
  | 'category'
>;

/** The finding in plain words. It says what was seen and how sure that is, and nothing about why or what else happened. */
export function statementOf(finding: StatementFacts, lang: StatementLanguage): string {
  const sentence = lang === 'en' ? english(finding) : chinese(finding);
  return finding.confidenceReason === undefined
    ? sentence
    : sentence + doubtWords[finding.confidenceReason][lang === 'en' ? 0 : 1];
}

const doubtWords: Readonly<Record<ConfidenceReason, readonly [string, string]>> = {
  'time-of-packet': [
    ' Read as a Unix time the same digits lie within a day of the packet: they may be a time.',
    '此串數字若視為 Unix 時間，與封包時間相差不到一日，亦可能為時間。',
  ],
  'time-of-years': [
    ' Read as a Unix time the same digits lie within five years of the packet: they may be a time.',
    '此串數字若視為 Unix 時間，與封包時間相差不到五年，亦可能為時間。',
  ],
  fraction: [
    ' The digits stand behind a decimal point: they may be part of another number.',
    '此串數字位於小數點之後，亦可能為其他數值之一部分。',
  ],
};

function english(f: StatementFacts): string {
  const what = f.identifier === null ? 'an identifier' : `${kindNames[f.identifier.kind].en} (${f.identifier.id})`;
  const how = writingEnglish(f);
  const where = targetOf(f, 'en');
  const consent =
    f.consent === 'before-any-act'
      ? ' No consent act is recorded before it.'
      : f.consent === 'after-act'
        ? ' A consent act is recorded before it.'
        : consentUnknownEnglish(f);
  switch (f.rule) {
    case 'identifier-transmitted':
      return `${sure(f, `The handset sent ${what} to ${where}`)}, ${how}, ${channelEnglish(f)}${fieldEnglish(f)}.${consent}`;
    case 'identifier-echoed':
      return `${sure(f, `${where} sent ${what} to the handset`)}, ${how}, ${channelEnglish(f)}${fieldEnglish(f)}. This is not a transmission by the handset.`;
    case 'identifier-on-link':
      return `${sure(f, `${capital(what)} was visible on the local network`)} (to ${where}${isBroadcast(f) ? ', taken for its broadcast address' : ''}), ${how}${fieldEnglish(f)}.`;
    case 'identifier-of-other-handset':
      return `${sure(f, `The capture holds ${what} of another handset`)}, ${how}${fieldEnglish(f)}. It is not counted for the handset under examination.`;
    case 'service-started-without-consent':
      return f.frames.length > 0
        ? `A messaging service contacted ${where} (${serviceSignalEnglish(f.field)}), and no consent act is recorded for this run before it.`
        : `The setting ${f.field ?? ''} shows that the messaging service was in use and a component of it starts at boot; no consent act is recorded for this run.`;
    case 'service-contacted-protected':
      return `The messaging service's host ${where} was contacted over a connection protected by TLS; what went through it, and how identifiers are written in it, is not known from the capture.${consent}`;
    case 'identifier-proposed':
      return `A request to ${where} has a field that is named and built like ${proposedKind(f.form, 'en')}${fieldEnglish(f)}. The value is not listed, and whose it is is not known: it is proposed for examination, not counted for the handset.`;
    case 'silent-sms':
      return f.identifier === null
        ? `The radio log shows a text message to ${where} in the form of the messaging service's activation; none of the listed identifiers was recognised in it.`
        : `The radio log shows a text message to ${where} that carries ${what}, ${how}. Captures of IP traffic do not show it.`;
    default:
      return f.category === undefined
        ? `${capital(what)}: ${f.rule}, ${where}.`
        : `${sure(f, `The handset sent ${categoryEnglish(f.category)} to ${where}`)}, ${how}, ${channelEnglish(f)}${fieldEnglish(f)}${inConversationsEnglish(f.category)}.${consent}`;
  }
}

function sure(f: StatementFacts, sentence: string): string {
  if (f.confidence === 'certain') return sentence;
  return f.confidence === 'probable'
    ? `Probably: ${lower(sentence)}`
    : `Possibly, but this may be chance: ${lower(sentence)}`;
}

function writingEnglish(f: StatementFacts): string {
  const path = f.transform.map((step) => stepName(step, 'en')).join(' → ');
  if (f.representation === 'pseudonymised')
    return `as a digest (${path}), from which numbers of this kind can be worked out by trial`;
  if (f.representation === 'encoded') return `encoded (${path}), which anybody can undo`;
  return 'as plain text';
}

function isProtected(channel: StatementFacts['channel']): channel is 'tls' | 'dtls' | 'quic' {
  return channel === 'tls' || channel === 'dtls' || channel === 'quic';
}

function channelEnglish(f: StatementFacts): string {
  if (f.channel === 'cleartext') return 'over an unprotected connection';
  if (isProtected(f.channel)) {
    const name = f.channel.toUpperCase();
    // Nothing opened it: so it is what those who connect say before the protection begins.
    return f.contentKnownBy === 'wire'
      ? `in the opening of a ${name} connection, which anybody on the way can read`
      : `over a connection protected by ${name}`;
  }
  return 'over a connection whose protection is not known';
}

function inConversationsEnglish({ conversations, recipients }: CategoryCount): string {
  if (recipients > 1) return `; ${conversations} conversations with ${recipients} recipients hold such data`;
  return conversations > 1 ? `; ${conversations} conversations with it hold such data` : '';
}

function inConversationsChinese({ conversations, recipients }: CategoryCount): string {
  if (recipients > 1) return `，共見於與 ${recipients} 個接收者之 ${conversations} 條連線`;
  return conversations > 1 ? `，共見於 ${conversations} 條連線` : '';
}

function fieldEnglish(f: StatementFacts): string {
  return f.field === null ? '' : ` (field ${f.field})`;
}

/** Said where an act is recorded and its order is what cannot be told; that nothing was attested is no part of what was seen. */
function consentUnknownEnglish(f: StatementFacts): string {
  if (f.consentReason === 'within-clock-bound')
    return ' A consent act is recorded so near to it that the bound of the clocks leaves open which came first.';
  if (f.consentReason === 'clock-not-tied')
    return ' A consent act is recorded, but its clock could not be tied to the capture’s: which came first is not known.';
  if (f.consentReason === 'clock-steps-back')
    return ' A consent act is recorded, but the clock of the capture stepped back by more than lies between the two: which came first is not known.';
  return '';
}

function consentUnknownChinese(f: StatementFacts): string {
  if (f.consentReason === 'within-clock-bound') return '同意行為之記錄與其時間過於接近，在時鐘誤差範圍內無法判定先後。';
  if (f.consentReason === 'clock-not-tied') return '雖有同意行為之記錄，但其時鐘無法與擷取檔之時鐘對應，先後不明。';
  if (f.consentReason === 'clock-steps-back')
    return '雖有同意行為之記錄，但擷取檔之時鐘曾倒退，且幅度大於兩者之時間差，先後不明。';
  return '';
}

function serviceSignalEnglish(signal: string | null): string {
  if (signal === 'activation') return 'a request to activate it';
  return signal === 'look-up' ? 'a look-up of a telephone number' : 'its chat connection';
}

const isBroadcast = ({ destination }: StatementFacts): boolean =>
  destination?.sources.some(({ what }) => what === 'local-broadcast') === true;

function targetOf(f: StatementFacts, lang: StatementLanguage): string {
  const { destination } = f;
  const name = destination?.names[0];
  const country = destination?.country ?? null;
  const shown = name ?? destination?.address ?? '?';
  const told = isOfOther(destination, name) ? `${shown}${otherClient[lang === 'en' ? 0 : 1]}` : shown;
  return country === null ? told : `${told} [${country}]`;
}

const otherClient = [' (named by a DNS answer to another address)', '（依送往其他位址之 DNS 回應）'] as const;

/** Whether a name rests on nothing but what somebody else was answered. */
function isOfOther(destination: StatementFacts['destination'], name: string | undefined): boolean {
  const from = new Set(destination?.sources.flatMap(({ what, value }) => (value === name ? [what] : [])));
  return from.has('dns-other-client') && !namingSources.some((what) => from.has(what));
}

const namingSources = ['http-target', 'http-host', 'sni', 'flow-name', 'dns'];

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const lower = (text: string): string => (/^(The|A) /.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text);

function chinese(f: StatementFacts): string {
  const what = f.identifier === null ? '識別資料' : `${kindNames[f.identifier.kind]['zh-Hant']}（${f.identifier.id}）`;
  const how = writingChinese(f);
  const where = targetOf(f, 'zh-Hant');
  const field = f.field === null ? '' : `（欄位 ${f.field}）`;
  const sureness =
    f.confidence === 'certain' ? '' : f.confidence === 'probable' ? '很可能：' : '可能（亦可能為巧合）：';
  const consent =
    f.consent === 'before-any-act'
      ? '在此之前未見同意行為之記錄。'
      : f.consent === 'after-act'
        ? '在此之前已有同意行為之記錄。'
        : consentUnknownChinese(f);
  switch (f.rule) {
    case 'identifier-transmitted':
      return `${sureness}手機${channelChinese(f)}，${how}將${what}傳送至 ${where}${field}。${consent}`;
    case 'identifier-echoed':
      return `${sureness}${where} ${channelChinese(f)}，${how}將${what}傳回手機${field}。此非手機之傳送行為。`;
    case 'identifier-on-link':
      return `${sureness}${what}${how}出現於區域網路（送往 ${where}${isBroadcast(f) ? '，應為其廣播位址' : ''}）${field}。`;
    case 'identifier-of-other-handset':
      return `${sureness}擷取檔中${how}含有另一支手機之${what}${field}，不計入受測手機。`;
    case 'service-started-without-consent':
      return f.frames.length > 0
        ? `訊息服務與 ${where} 連線（${serviceSignalChinese(f.field)}），在此之前本次測試未見同意行為之記錄。`
        : `設定 ${f.field ?? ''} 顯示訊息服務曾被使用，且其元件於開機時啟動；本次測試未見同意行為之記錄。`;
    case 'service-contacted-protected':
      return `手機經由 TLS 保護之連線聯絡訊息服務主機 ${where}；其中傳送之內容及識別資料之寫法，無法由擷取檔得知。${consent}`;
    case 'identifier-proposed':
      return `送往 ${where} 之請求中，有一欄位之名稱與格式均似${proposedKind(f.form, 'zh-Hant')}${field}。該值未經登錄，屬於何者不明，僅提請查驗，不計入受測手機。`;
    case 'silent-sms':
      return f.identifier === null
        ? `無線電日誌顯示一則送往 ${where} 的簡訊，格式與訊息服務之啟用簡訊相符，其中未辨識出已登錄之識別資料。`
        : `無線電日誌顯示一則送往 ${where} 的簡訊，${how}含有${what}。IP 流量之擷取無法看到此簡訊。`;
    default:
      return f.category === undefined
        ? `${what}：${f.rule}，${where}。`
        : `${sureness}手機${channelChinese(f)}，${how}將${categoryChinese(f.category)}傳送至 ${where}${field}${inConversationsChinese(f.category)}。${consent}`;
  }
}

function writingChinese(f: StatementFacts): string {
  const path = f.transform.map((step) => stepName(step, 'zh-Hant')).join(' → ');
  if (f.representation === 'pseudonymised') return `以雜湊值（${path}，此類號碼可經逐一嘗試推得）`;
  if (f.representation === 'encoded') return `以編碼形式（${path}，任何人皆可還原）`;
  return '以明文';
}

function channelChinese(f: StatementFacts): string {
  if (f.channel === 'cleartext') return '經由未受保護之連線';
  if (isProtected(f.channel)) {
    const name = f.channel.toUpperCase();
    return f.contentKnownBy === 'wire' ? `於 ${name} 連線之開頭（途中任何人皆可讀取）` : `經由 ${name} 保護之連線`;
  }
  return '經由保護狀態不明之連線';
}

function serviceSignalChinese(signal: string | null): string {
  if (signal === 'activation') return '要求啟用服務';
  return signal === 'look-up' ? '查詢電話號碼' : '建立聊天連線';
}
