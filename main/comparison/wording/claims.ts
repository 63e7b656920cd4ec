/** Why a claim or complaint got its verdict. Sentences are joined. */
export const claimWording = {
  'role.before': { en: 'old build', 'zh-Hant': '舊版系統' },
  'role.after': { en: 'new build', 'zh-Hant': '新版系統' },
  'role.build-unknown': { en: 'build not known', 'zh-Hant': '版本不明' },
  'role.reset': { en: 'factory reset', 'zh-Hant': '已恢復原廠設定' },
  'role.kept': { en: 'not reset', 'zh-Hant': '未恢復原廠設定' },
  'role.reset-unknown': { en: 'reset not known', 'zh-Hant': '是否恢復原廠設定不明' },
  'role.switched-on': { en: 'service switched on by hand', 'zh-Hant': '手動開啟服務' },
  'role.untouched': { en: 'service not switched on by hand', 'zh-Hant': '未手動開啟服務' },
  'role.captured': { en: 'traffic captured', 'zh-Hant': '有流量擷取' },
  'why.no-run': {
    en: 'Not testable with what is in the case: it holds no run of the kind that this claim is about ({what}). Nothing was looked for, so nothing is said to be missing from traffic.',
    'zh-Hant': '以案內資料無法檢驗：案內沒有此項宣稱所涉之測試（{what}）。既未進行檢視，即不得解讀為未傳輸。',
  },
  'why.no-stimulus': {
    en: 'Not testable with what is in the case: no stimulus «contact» or «SMS» is recorded on a clock that can be set beside the traffic.',
    'zh-Hant': '以案內資料無法檢驗：沒有可與流量對照時間之「聯絡人」或「簡訊」操作紀錄。',
  },
  'basis.label': { en: 'the label', 'zh-Hant': '標籤名稱' },
  'basis.build-date': { en: 'the build date', 'zh-Hant': '系統建置日期' },
  'basis.android-id': { en: 'the android id', 'zh-Hant': 'Android ID' },
  'basis.event': { en: 'an event', 'zh-Hant': '事件紀錄' },
  'basis.given': { en: 'what was given', 'zh-Hant': '輸入資料' },
  'absence.run': {
    en: '{run}: not observed, {minutes} minutes, {percent} % readable, control requests found at both ends',
    'zh-Hant': '{run}：未觀察到，{minutes} 分鐘，可讀取 {percent} %，首尾皆找到對照請求',
  },
  'missing.no-run': { en: 'no run of this kind: {what}', 'zh-Hant': '缺少此類測試：{what}' },
  'missing.unfit': {
    en: '{run} is not fit to show absence (control requests: {canaries})',
    'zh-Hant': '{run} 不足以認定不存在（對照請求：{canaries}）',
  },
  'missing.holes': {
    en: '{run} is not fit to show absence: its recording was interrupted or lost packets ({count}×)',
    'zh-Hant': '{run} 不足以認定不存在：側錄曾中斷或遺失封包（{count} 次）',
  },
  'missing.no-visibility': { en: '{run}: how much could be seen is not known', 'zh-Hant': '{run}：可觀察的範圍不明' },
  'missing.consent-unknown': {
    en: 'how transmissions relate to a consent act: not known of {count}',
    'zh-Hant': '{count} 筆傳輸與同意行為之先後不明',
  },
  'missing.purpose': {
    en: 'the purpose behind a transmission: it cannot be seen from outside',
    'zh-Hant': '傳輸之目的：無法由外部觀察',
  },
  'missing.server': {
    en: 'what the operator of the server keeps: it cannot be seen from the handset',
    'zh-Hant': '伺服器端保存之內容：無法由手機端觀察',
  },
  'missing.number-after': { en: 'the phone number in traffic of the new build', 'zh-Hant': '新版系統流量中的電話號碼' },
  'missing.number-before': {
    en: 'the phone number in traffic of the old build',
    'zh-Hant': '舊版系統流量中的電話號碼',
  },
  'missing.stimulus': {
    en: 'an event «contact» or «SMS» shortly before the number in traffic',
    'zh-Hant': '號碼出現前之「聯絡人」或「簡訊」操作紀錄',
  },
  'missing.traffic': { en: 'traffic of this handset', 'zh-Hant': '此手機之流量' },
  'missing.opaque': {
    en: 'the content of {percent} % of the payload of {run} could not be read',
    'zh-Hant': '{run} 有 {percent} % 的內容無法讀取',
  },
  'why.others': {
    en: 'Not counted, since the claim is not about them: what went to {recipients} ({count}×).',
    'zh-Hant': '傳送至 {recipients} 者（{count} 筆）非本項宣稱所涉，不予計入。',
  },
  'missing.content-unseen': {
    en: '{run}: what went through the protected connection was not seen',
    'zh-Hant': '{run}：受保護連線之內容未能得見',
  },
  'why.c1.only': {
    en: 'The device number was observed {count}×. Other identifiers went to the same recipients, so «only» is contradicted; the purpose is not testable.',
    'zh-Hant': '觀察到裝置識別碼 {count} 次。其他識別碼亦傳送至相同對象，與「僅」之說法不符；目的無法測試。',
  },
  'why.c1.purpose': {
    en: 'The device number was observed {count}×; for what purpose is not testable.',
    'zh-Hant': '觀察到裝置識別碼 {count} 次；目的無法測試。',
  },
  'why.c1.none': {
    en: 'The device number was not observed in runs of the old build.',
    'zh-Hant': '舊版系統之測試中未觀察到裝置識別碼。',
  },
  'why.c2.refuted': {
    en: 'Before any consent act, transmissions of {kinds} were observed {count}× ({runs}).',
    'zh-Hant': '於任何同意行為之前，觀察到 {count} 筆傳輸，內容為 {kinds}（{runs}）。',
  },
  'why.c2.partly': {
    en: 'Transmissions before a consent act were observed in {against}; in {fit} none was observed.',
    'zh-Hant': '於 {against} 觀察到同意前之傳輸；於 {fit} 未觀察到。',
  },
  'why.c2.supported': {
    en: 'In the runs that are fit for it, transmissions were observed only after a consent act.',
    'zh-Hant': '於足資判斷之測試中，僅在同意行為之後觀察到傳輸。',
  },
  'why.c2.open': {
    en: 'No transmission before a consent act was observed, and no run is fit to show more.',
    'zh-Hant': '未觀察到同意前之傳輸，但無足資判斷之測試。',
  },
  'why.c3.confirmed': {
    en: 'In {runs} of the old build nobody switched the service on, and it was active. Pieces of evidence: {count}.',
    'zh-Hant': '舊版系統之 {runs} 中無人開啟該服務，服務仍運作：佐證 {count} 項。',
  },
  'why.c3.partly': {
    en: 'The handset is set up to start the service with the system; a transmission by it before a consent act was not observed.',
    'zh-Hant': '手機設定為隨系統啟動該服務；未觀察到同意前由其發出之傳輸。',
  },
  'why.c3.open': {
    en: 'No sign of the service before a consent act was observed.',
    'zh-Hant': '未觀察到同意前該服務之跡象。',
  },
  'why.c4.confirmed': {
    en: 'A contact’s number was observed within {seconds} s after a stimulus, {count}×.',
    'zh-Hant': '於操作後 {seconds} 秒內觀察到聯絡人號碼，共 {count} 次。',
  },
  'why.c4.open': {
    en: 'No contact’s number was observed shortly after a recorded stimulus.',
    'zh-Hant': '未於操作紀錄之後短時間內觀察到聯絡人號碼。',
  },
  'why.c5': {
    en: 'What a server keeps cannot be tested from the handset. Contacts’ numbers were observed on their way {count}×.',
    'zh-Hant': '伺服器是否保存無法由手機端測試。觀察到聯絡人號碼傳送 {count} 次。',
  },
  'why.c6.partly': {
    en: 'After the upgrade with a factory reset nothing was observed while the service was off ({fit}); identifiers were still observed before a consent act in {against}.',
    'zh-Hant': '升級並恢復原廠設定後，服務關閉時未觀察到傳輸（{fit}）；但於 {against} 仍觀察到同意前之識別碼傳輸。',
  },
  'why.c6.refuted': {
    en: 'On the new build transmissions of identifiers were observed before a consent act {count}× ({against}).',
    'zh-Hant': '於新版系統觀察到 {count} 筆同意前之識別碼傳輸（{against}）。',
  },
  'why.c6.confirmed': {
    en: 'After the upgrade nothing was observed while the service was off ({fit}).',
    'zh-Hant': '升級後，服務關閉時未觀察到傳輸（{fit}）。',
  },
  'why.c6.open': {
    en: 'No run of the new build is fit to show that nothing is sent.',
    'zh-Hant': '無足資判斷新版系統是否傳送之測試。',
  },
  'why.c7.field': { en: '{kind}: {form} ({count}×, {runs})', 'zh-Hant': '{kind}：{form}（{count} 次，{runs}）' },
  'why.c7.refuted': {
    en: 'On the new build the number was observed unencrypted, in a channel that others can read. Per field: {fields}.',
    'zh-Hant': '於新版系統觀察到號碼未加密，且通道可為他人讀取。各欄位：{fields}。',
  },
  'why.c7.partly': {
    en: 'Per field: {fields}. Encoding is not encryption; TLS protects the way, not the number from its recipient.',
    'zh-Hant': '各欄位：{fields}。編碼並非加密；TLS 保護傳輸途徑，收受者仍可得知號碼。',
  },
  'why.c7.partly-contact': {
    en: 'Per field: {fields}. In {runs} the service was contacted over TLS after it was switched on; how the number is written there is not known from the capture.',
    'zh-Hant': '各欄位：{fields}。於 {runs} 開啟服務後係經由 TLS 聯絡；號碼於其中之寫法無法由擷取檔得知。',
  },
  'why.c7.confirmed': { en: 'Per field: {fields}.', 'zh-Hant': '各欄位：{fields}。' },
  'why.c7.open': {
    en: 'The number was not observed in traffic of the new build.',
    'zh-Hant': '新版系統之流量中未觀察到該號碼。',
  },
  'why.c8.confirmed': {
    en: 'On the old build a phone number was observed in plain form in cleartext {count}× ({runs}).',
    'zh-Hant': '於舊版系統觀察到電話號碼以原文於明文通道傳輸 {count} 次（{runs}）。',
  },
  'why.c8.open': {
    en: 'On the old build no phone number was observed in plain form in cleartext.',
    'zh-Hant': '於舊版系統未觀察到電話號碼以原文於明文通道傳輸。',
  },
  'complaint.confirmed': {
    en: 'What is complained of has support in the records of {package}: {support}. The cause is not settled by this.',
    'zh-Hant': '申訴內容於 {package} 之紀錄中有佐證：{support}。原因並未因此確定。',
  },
  'complaint.partly': {
    en: '{package} changed in a way that fits the complaint: {support}. That the person noticed this change is not observed.',
    'zh-Hant': '{package} 之變動與申訴相符：{support}。使用者所遭遇是否即為此變動，未經觀察。',
  },
  'complaint.other-symptom': {
    en: 'A change of {package} was recorded ({support}). The complaint does not speak of it: whether it is what was noticed is for the examiner.',
    'zh-Hant': '記錄到 {package} 之變化（{support}）。申訴內容並未提及此情形；是否即為申訴人所見，由檢驗人員判斷。',
  },
  'complaint.open': {
    en: 'No new crash, lost permission, lost autostart or switched-off receiver of {package} was found.',
    'zh-Hant': '未發現 {package} 有新的當機、喪失權限、喪失自動啟動或接收器停用。',
  },
  'complaint.no-package': {
    en: 'The complaint names no app that is known.',
    'zh-Hant': '申訴未指明可辨識之應用程式。',
  },
  'complaint.which-handset': {
    en: 'The labels stand for several handsets ({handsets}), and the complaint does not say which of them it is about.',
    'zh-Hant': '標籤涵蓋多支手機（{handsets}），申訴未指明所指為何支。',
  },
  'complaint.no-records': {
    en: 'Records of both states are needed: {missing}.',
    'zh-Hant': '需要前後兩個狀態之紀錄：{missing}。',
  },
  'support.crash': { en: 'new crash ({exception})', 'zh-Hant': '新的當機（{exception}）' },
  'support.permission': { en: 'lost permission {name}', 'zh-Hant': '喪失權限 {name}' },
  'support.autostart': { en: 'lost autostart ({mode})', 'zh-Hant': '喪失自動啟動（{mode}）' },
  'support.boot': {
    en: 'receiver {name} no longer answers to the start of the handset',
    'zh-Hant': '接收器 {name} 不再回應開機',
  },
  'support.state': { en: 'state {before} became {after}', 'zh-Hant': '狀態由 {before} 變為 {after}' },
  'support.gone': { en: 'package is gone', 'zh-Hant': '應用程式已不存在' },
  'support.op': { en: '{op} became {mode}', 'zh-Hant': '{op} 變為 {mode}' },
} as const;
