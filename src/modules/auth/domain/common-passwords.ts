/**
 * Passwords of eight characters or more that guessing begins with here: rows of the keyboard, counting, names, and the words
 * for "password" and "hello", as typed in Latin and Cyrillic. Lower case. The world's most common ones stand beside them.
 */
export const LOCAL_PASSWORDS: ReadonlySet<string> = new Set(
  `
  12345678 123456789 1234567890 12345678910 0123456789 01234567 87654321 987654321 9876543210 0987654321
  123123123 12341234 1234512345 123321123 12344321 1234554321 11223344 1122334455 112233445566 12121212
  123454321 147258369 159753456 159357456 741852963 789456123 963852741 135792468 13579246 24681012 246813579
  31415926 314159265 10203040 1020304050 11112222 11110000 00001111 12131415 1213141516 20202020 19801980
  19851985 19901990 19951995 20002000 20102010 20202021 20252025 20262026 55555555a 1q2w3e4r 1q2w3e4r5t
  1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 zaq12wsx zaq1xsw2 qazwsxedc qazwsx123 qwertyui qwertyuiop
  qwertyuiop[] qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwerty123456789 qwertyqwerty qwe123qwe
  qwe12345 qweasdzxc qweqweqwe qwer1234 qwert12345 asdfghjk asdfghjkl asdfasdf asdf1234 asd12345 asdqwe123
  zxcvbnm1 zxcvbnm123 zxcvbnm, zxcvbnm,. zxcvbnm,./ poiuytrewq lkjhgfdsa mnbvcxz1 q1w2e3r4 q1w2e3r4t5
  q1w2e3r4t5y6 a1b2c3d4 a1b2c3d4e5 a123456789 a12345678 aa123456 aa12345678 abc12345 abc123456 abcd1234
  abcdef12 abcdefgh abcdefghi abcdefg1 abcd12345 123qweasd 123qweasdzxc 12qwaszx 1234qwer 12345qwert
  123456qwerty 12345qwe 1234abcd 12345abc 123456abc 123456aa 123456qq 1234567a 12345678a 123456789a 1a2b3c4d
  password password1 password12 password123 password1234 password! password1! p@ssw0rd p@ssword passw0rd
  pa55word passpass mypassword newpassword admin123 admin1234 admin12345 administrator adminadmin root1234
  rootroot user1234 useruser test1234 testtest guest123 welcome1 welcome123 letmein1 letmein123 changeme
  changeme1 default1 secret123 secretsecret iloveyou iloveyou1 iloveyou2 iloveu123 sunshine sunshine1 princess
  princess1 football football1 baseball basketball superman superman1 batman123 spiderman pokemon123 dragon123
  monkey123 michael1 jennifer charlie1 computer internet whatever trustno1 starwars startrek freedom1
  master123 shadow123 killer123 hello123 hellohello hello1234 computer1 samsung1 samsung123 google123 facebook
  instagram whatsapp telegram minecraft minecraft1 liverpool chelsea1 barcelona realmadrid juventus ronaldo7
  ronaldo123 mercedes bmwbmwbmw ferrari1 corvette mustang1 harley123 victoria veronica valentina anastasia
  ekaterina aleksandr alexander alexandra natalia1 tatiana1 svetlana vladimir dmitriy1 marina123 nikita123
  nastya123 kristina karina123 sergey123 andrey123 maksim123 lubov123 privet123 privetprivet parolparol
  parol123 parol1234 parol12345 gfhjkm123 gfhjkmgfhjkm ghbdtnghbdtn ghbdtn123 yfcnz123 natasha1 natasha123
  aigul123 aigerim1 aigerim123 azamat123 nurlan123 almaz123 bakyt123 kyzym123 balam123 apam1234 atam1234
  jumagul1 manas123 manas1995 salam123 salamsalam пароль12 пароль123 пароль1234 парольпароль йцукенгш
  йцукенгшщз йцукен123 йцукен12 фывапролд фывапрол ячсмитьб привет123 приветпривет любовь123 люблютебя
  наташа123 солнышко максим123 сергей123 андрей123 сырсөз123 салам123 менинбалам кызым123 балам123
`
    .trim()
    .split(/\s+/),
);
