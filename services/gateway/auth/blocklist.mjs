// Writes blocklist.txt: passwords that people choose, from rules. Run after changing a rule:
//   node services/gateway/auth/blocklist.mjs > services/gateway/auth/blocklist.txt
// Only what is long enough to pass the length rule is listed: the rest is refused anyway.
const MIN = 8;
const words = `password passwd admin administrator root guest user test tester welcome login letmein
  master monkey dragon football baseball basketball soccer hockey superman batman iloveyou princess
  sunshine shadow michael jordan charlie daniel thomas jessica ashley andrew joshua matthew jennifer
  hunter killer trustno whatever freedom starwars computer internet samsung google facebook qwerty
  azerty asdfgh zxcvbn secret changeme default server system manager office company business summer
  winter spring autumn monday friday january october december china beijing shanghai shenyang dalian
  jinzhou huludao dandong liaoning zhongguo woaini wozuiaini nihao xiaoming zhangsan lisi wangwu
  zhangwei wangwei wangfang liwei liuwei mima mimashi gongsi kejiju kejiting zhengfu guanliyuan
  keji bangshuai jiebang fabang jiebangguashuai chuangxin yanjiu daxue laoshi xuesheng mingtian
  jintian woaiwojia aini5201314 taobao alibaba tencent huawei xiaomi weixin baidu hello thankyou
  orange banana cookie chocolate pepper ginger flower purple silver golden diamond maggie buster
  tigger mustang corvette ferrari porsche mercedes yankees dallas london newyork america canada
  pokemon naruto nintendo blizzard matrix merlin phoenix scooter ranger cowboy eagles lakers`
  .split(/\s+/);
const tails = ['', '1', '12', '123', '1234', '12345', '123456', '12345678', '!', '1!', '123!', '@123',
  '@1234', '#123', '_123', '.123', '520', '521', '1314', '5201314', '666', '888', '8888', '6666', '000', '111',
  '0', '01', '007', '2020', '2021', '2022', '2023', '2024', '2025', '2026', '@2023', '@2024', '@2025', '@2026'];
const leet = (word) => word.replace(/a/g, '@').replace(/o/g, '0').replace(/s/g, '$').replace(/i/g, '1').replace(/e/g, '3');
const walks = ['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1qaz2wsx3edc4rfv', 'qazwsxedcrfv', '0987654321',
  'poiuytrewq', 'lkjhgfdsa', 'mnbvcxz', '1q2w3e4r5t6y7u8i', 'q1w2e3r4t5y6', 'abcdefghijklmnopqrstuvwxyz', 'qweasdzxc',
  'zaq12wsx', '!qaz@wsx', '147258369', '741852963', '789456123', '159357'];
const found = new Set();
const add = (text) => { if (text.length >= MIN && text.length < 60) found.add(text.toLowerCase()); };

for (const word of words) {
  for (const tail of tails) {
    add(word + tail);
  }
  for (const tail of ['', '1', '123', '!']) add(leet(word) + tail);
  for (const head of ['123', '123456', '520', '1314']) add(head + word);
  add(word + word);
  add([...word].reverse().join(''));
}
for (const walk of walks) {
  for (let from = 0; from < walk.length; from++)
    for (let to = from + 4; to <= walk.length; to++) {
      const part = walk.slice(from, to);
      add(part);
      add(part + part);
      for (const tail of ['1', '123', 'a']) {
        add(part + tail);
      }
    }
}
for (const c of 'abcdefghijklmnopqrstuvwxyz0123456789!@#*')
  for (let n = MIN; n <= 16; n++) add(c.repeat(n));
for (let a = 0; a < 10; a++)
  for (let b = 0; b < 10; b++) {
    for (let n = 4; n <= 8; n++) add(`${a}${b}`.repeat(n));
    add(`${a}`.repeat(4) + `${b}`.repeat(4));
    for (let c = 0; c < 10; c++) add(`${a}${b}${c}`.repeat(3));
  }
for (let year = 1960; year <= 2026; year++)
  for (const day of ['0101', '0501', '0601', '0808', '1001', '1111', '1212', '1225', '1231'])
    for (const form of [`${year}${day}`, `${day}${year}`, `a${year}${day}`, `aa${year}${day}`]) add(form);
process.stdout.write([...found].sort().join('\n') + '\n');
