/** A line of a handset's log that tells of something the person did, of a control request, or of the service itself. */
export interface LogEventRule {
  readonly id: string;
  readonly tag: RegExp;
  readonly message: RegExp;
  readonly eventKind: 'consent-act' | 'stimulus' | 'note' | 'canary';
  /** Words for the event; `$1` … stand for the groups of `message`. */
  readonly text: string;
}

/**
 * One rule a line. A new maker's wording is one more line. `consent-act` only where the log itself says that a person did
 * it: a preference that a program sets by itself is a note.
 */
export const logEventRules: readonly LogEventRule[] = [
  {
    id: 'canary',
    tag: /./,
    message: /\bhandsight-canary\b.*?\bnonce=([\w-]{4,64})/,
    eventKind: 'canary',
    text: 'canary request sent, nonce $1',
  },
  {
    id: 'mx-switch-by-person',
    tag: /^(?:MxSettings|MxMessagePreference|MessagingPreference)/,
    message: /\bpref_key_enable_mx=(true|1)\b.*\((?:user|manual(?:ly)?)\)/,
    eventKind: 'consent-act',
    text: 'network messaging switched on by the person (pref_key_enable_mx=$1)',
  },
  {
    id: 'mx-switch-off-by-person',
    tag: /^(?:MxSettings|MxMessagePreference|MessagingPreference)/,
    message: /\bpref_key_enable_mx=(false|0)\b.*\((?:user|manual(?:ly)?)\)/,
    eventKind: 'note',
    text: 'network messaging switched off by the person (pref_key_enable_mx=$1)',
  },
  {
    id: 'mx-started-by-itself',
    tag: /^(?:Mx|MmsApp|MiCloudMessaging)/,
    message: /\benableMx\b.*\bmanually=false\b|\bpref_key_enable_mx=(?:true|1)\b.*\((?:auto|boot|default)\)/,
    eventKind: 'note',
    text: 'network messaging started without an act of the person',
  },
  {
    id: 'account-login-by-person',
    tag: /^(?:XiaomiAccount|MiAccount|AccountManagerService|AccountSettings|MiCloud|CloudLogin)/,
    message: /\b(?:login|logged in|account added|addAccount).*\((?:user|manual(?:ly)?)\)/i,
    eventKind: 'consent-act',
    text: 'vendor account logged in by the person',
  },
  {
    id: 'activity-started',
    tag: /^ActivityManager$|^ActivityTaskManager$/,
    // Opening the program of the control request is part of that request, not a stimulus.
    message: /^START u\d+ \{.*?\bcmp=(?!\S*canary)([\w.]+\/[\w.$]+).*\} from (?:uid|pid)/,
    eventKind: 'stimulus',
    text: 'screen opened: $1',
  },
  {
    id: 'sms-received',
    tag: /^(?:SmsReceiverService|SmsReceiver|MessagingStimulus|GsmInboundSmsHandler)/,
    message: /\b(?:new sms|sms received|SMS_RECEIVED|handleSmsReceived)\b/i,
    eventKind: 'stimulus',
    text: 'SMS received',
  },
  {
    id: 'sms-sent',
    tag: /^(?:SmsMessageSender|SmsReceiverService|SmsSingleRecipientSender)/,
    message: /\b(?:sms sent|sendMessage|handleSmsSent|sendFirstQueuedMessage)\b/i,
    eventKind: 'stimulus',
    text: 'SMS sent',
  },
  {
    id: 'sim-ready',
    tag: /^SIMRecords$|^UiccCardApplication$/,
    message: /\bSIM state READY\b/,
    eventKind: 'stimulus',
    text: 'SIM card in',
  },
  {
    id: 'wifi-joined',
    tag: /^wpa_supplicant$/,
    message: /\bCTRL-EVENT-CONNECTED\b/,
    eventKind: 'stimulus',
    text: 'joined a Wi-Fi',
  },
  {
    id: 'mms-sent',
    tag: /^TransactionService$/,
    message: /\bSEND_TRANSACTION\b/,
    eventKind: 'stimulus',
    text: 'MMS sent',
  },
  {
    id: 'mms-received',
    tag: /^PushReceiver$|^MmsReceiver$/,
    message: /\bapplication\/vnd\.wap\.mms-message\b/,
    eventKind: 'stimulus',
    text: 'MMS received',
  },
  {
    id: 'call-made',
    tag: /^CallNotifier$|^CallManager$/,
    message: /\bOFFHOOK \(outgoing\)/,
    eventKind: 'stimulus',
    text: 'call made',
  },
  {
    id: 'call-taken',
    tag: /^CallNotifier$|^CallManager$/,
    message: /\bRINGING \(incoming\)/,
    eventKind: 'stimulus',
    text: 'call coming in',
  },
  {
    id: 'autostart-refused',
    tag: /^ActivityManager$|^AutoStartManagerService$/,
    message: /\bAutostart of ([\w.]{1,200}) refused\b/i,
    eventKind: 'note',
    text: 'autostart of $1 refused',
  },
  {
    id: 'contact-saved',
    tag: /^(?:ContactSaveService|ContactEditor|ContactsProvider)/,
    message: /\b(?:saveContact|contact saved|contact created|ACTION_SAVE_CONTACT)\b/i,
    eventKind: 'stimulus',
    text: 'contact saved',
  },
];

export interface LogEvent {
  readonly rule: string;
  readonly eventKind: LogEventRule['eventKind'];
  readonly text: string;
}

/** The first rule that the line meets; null for the ordinary line. */
export function eventOfLogLine(tag: string, message: string): LogEvent | null {
  for (const rule of logEventRules) {
    if (!rule.tag.test(tag)) continue;
    const match = rule.message.exec(message);
    if (match === null) continue;
    const text = rule.text.replace(/\$(\d)/g, (_, group: string) => (match[Number(group)] ?? '').slice(0, 200));
    return { rule: rule.id, eventKind: rule.eventKind, text };
  }
  return null;
}
