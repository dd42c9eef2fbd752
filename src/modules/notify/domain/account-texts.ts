import type { Language } from '../../../kernel/human-text.ts';
import type { AccountNoticeKind } from '../contract.ts';
import type { Message } from './message.ts';

/** What owners of accounts are told: what happened and what to do, and no names, places, codes or addresses. */
export const ACCOUNT_TEXTS: Readonly<Record<Language, Readonly<Record<AccountNoticeKind, Message>>>> = {
  ru: {
    new_device: {
      subject: 'Вход с нового устройства',
      text: 'В вашу учётную запись вошли с нового устройства. Если это не вы, смените пароль: это завершит все другие сеансы.',
    },
    password_changed: {
      subject: 'Пароль изменён',
      text: 'Пароль вашей учётной записи изменён. Если это не вы, задайте новый по коду из SMS.',
    },
    signed_out_everywhere: {
      subject: 'Все сеансы завершены',
      text: 'Все сеансы вашей учётной записи завершены. Если это не вы, смените пароль.',
    },
    session_stolen: {
      subject: 'Сеанс завершён',
      text: 'Сеанс вашей учётной записи завершён: его ключ показали дважды, возможно, он попал к другому. Войдите снова и смените пароль.',
    },
    phone_verified: {
      subject: 'Номер подтверждён',
      text: 'Номер телефона подтверждён для вашей учётной записи.',
    },
    roles_changed: {
      subject: 'Права изменены',
      text: 'Рабочие права вашей учётной записи изменены. Если вы этого не ждали, спросите администратора.',
    },
    factor_enrolled: {
      subject: 'Второй фактор включён',
      text: 'Для входа в вашу учётную запись теперь нужен второй фактор. Если это не вы, смените пароль и обратитесь к администратору.',
    },
    factor_removed: {
      subject: 'Второй фактор отключён',
      text: 'Второй фактор вашей учётной записи отключён. Если это не вы, смените пароль.',
    },
    factor_reset: {
      subject: 'Второй фактор сброшен',
      text: 'Администратор сбросил второй фактор вашей учётной записи. Войдите с паролем и подключите новый; если вы об этом не просили, сообщите администратору.',
    },
    recovery_code_used: {
      subject: 'Использован запасной код',
      text: 'В вашей учётной записи использован запасной код. Если это не вы, смените пароль и получите новые коды.',
    },
    recovery_codes_renewed: {
      subject: 'Новые запасные коды',
      text: 'Для вашей учётной записи получены новые запасные коды, прежние не действуют. Если это не вы, смените пароль и получите коды заново.',
    },
    factor_guessed: {
      subject: 'Второй фактор подбирают',
      text: 'Кто-то, кто знает ваш пароль, много раз ввёл неверный код второго фактора. Если это не вы, смените пароль.',
    },
    factor_closed: {
      subject: 'Коды приложения не действуют',
      text: 'Слишком много неверных кодов: коды приложения до 30 дней не действуют. Войдите с запасным кодом или обратитесь к администратору и смените пароль.',
    },
    passkey_copied: {
      subject: 'Ключ доступа отклонён',
      text: 'Ключ доступа вашей учётной записи отклонён: возможно, его скопировали. Удалите его в настройках безопасности и смените пароль.',
    },
  },
  ky: {
    new_device: {
      subject: 'Жаңы түзмөктөн кирүү',
      text: 'Аккаунтуңузга жаңы түзмөктөн киришти. Эгер бул сиз эмес болсоңуз, сырсөздү алмаштырыңыз: башка сеанстардын баары бүтөт.',
    },
    password_changed: {
      subject: 'Сырсөз өзгөртүлдү',
      text: 'Аккаунтуңуздун сырсөзү өзгөртүлдү. Эгер бул сиз эмес болсоңуз, SMS код менен жаңысын коюңуз.',
    },
    signed_out_everywhere: {
      subject: 'Бардык сеанстар бүттү',
      text: 'Аккаунтуңуздун бардык сеанстары бүтүрүлдү. Эгер бул сиз эмес болсоңуз, сырсөздү алмаштырыңыз.',
    },
    session_stolen: {
      subject: 'Сеанс бүтүрүлдү',
      text: 'Аккаунтуңуздун сеансы бүтүрүлдү: анын ачкычы эки жолу көрсөтүлдү, башка бирөөдө болушу мүмкүн. Кайра кирип, сырсөздү алмаштырыңыз.',
    },
    phone_verified: {
      subject: 'Номер ырасталды',
      text: 'Телефон номери аккаунтуңуз үчүн ырасталды.',
    },
    roles_changed: {
      subject: 'Укуктар өзгөртүлдү',
      text: 'Аккаунтуңуздун кызматтык укуктары өзгөртүлдү. Муну күтпөсөңүз, администратордон сураңыз.',
    },
    factor_enrolled: {
      subject: 'Экинчи фактор кошулду',
      text: 'Аккаунтуңузга кирүү үчүн эми экинчи фактор керек. Эгер бул сиз эмес болсоңуз, сырсөздү алмаштырып, администраторго кайрылыңыз.',
    },
    factor_removed: {
      subject: 'Экинчи фактор өчүрүлдү',
      text: 'Аккаунтуңуздун экинчи фактору өчүрүлдү. Эгер бул сиз эмес болсоңуз, сырсөздү алмаштырыңыз.',
    },
    factor_reset: {
      subject: 'Экинчи фактор алынды',
      text: 'Администратор аккаунтуңуздун экинчи факторун алып салды. Сырсөз менен кирип, жаңысын кошуңуз; муну сурабасаңыз, администраторго айтыңыз.',
    },
    recovery_code_used: {
      subject: 'Кошумча код колдонулду',
      text: 'Аккаунтуңузда кошумча код колдонулду. Эгер бул сиз эмес болсоңуз, сырсөздү алмаштырып, жаңы коддорду алыңыз.',
    },
    recovery_codes_renewed: {
      subject: 'Жаңы кошумча коддор',
      text: 'Аккаунтуңуз үчүн жаңы кошумча коддор алынды, мурдагылары иштебейт. Эгер бул сиз эмес болсоңуз, сырсөздү алмаштырып, коддорду кайра алыңыз.',
    },
    factor_guessed: {
      subject: 'Экинчи факторду табууга аракет',
      text: 'Сырсөзүңүздү билген бирөө экинчи фактордун туура эмес кодун көп жолу киргизди. Эгер бул сиз эмес болсоңуз, сырсөздү алмаштырыңыз.',
    },
    factor_closed: {
      subject: 'Колдонмонун коддору иштебейт',
      text: 'Туура эмес код өтө көп киргизилди: колдонмонун коддору 30 күнгө чейин иштебейт. Кошумча код менен кириңиз же администраторго кайрылып, сырсөздү алмаштырыңыз.',
    },
    passkey_copied: {
      subject: 'Кирүү ачкычы четке кагылды',
      text: 'Аккаунтуңуздун кирүү ачкычы четке кагылды: көчүрүлүп алынышы мүмкүн. Аны коопсуздук жөндөөлөрүнөн өчүрүп, сырсөздү алмаштырыңыз.',
    },
  },
  en: {
    new_device: {
      subject: 'A new device signed in',
      text: 'Somebody signed in to your account on a new device. If it was not you, change the password: that ends all other sessions.',
    },
    password_changed: {
      subject: 'Your password was changed',
      text: 'The password of your account was changed. If it was not you, set a new one with a code by SMS.',
    },
    signed_out_everywhere: {
      subject: 'All sessions were ended',
      text: 'All sessions of your account were ended. If it was not you, change the password.',
    },
    session_stolen: {
      subject: 'A session was ended',
      text: 'A session of your account was ended: its key was shown twice, so somebody else may have it. Sign in again and change the password.',
    },
    phone_verified: {
      subject: 'Your number is confirmed',
      text: 'The phone number was confirmed for your account.',
    },
    roles_changed: {
      subject: 'Your duties were changed',
      text: 'What your account may do at work was changed. If you did not expect it, ask an administrator.',
    },
    factor_enrolled: {
      subject: 'A second factor was added',
      text: 'Signing in to your account now asks for a second factor. If it was not you, change the password and ask an administrator.',
    },
    factor_removed: {
      subject: 'The second factor was removed',
      text: 'The second factor of your account was removed. If it was not you, change the password.',
    },
    factor_reset: {
      subject: 'The second factor was reset',
      text: 'An administrator took away the second factor of your account. Sign in with the password and set up a new one; if you did not ask for it, tell an administrator.',
    },
    recovery_code_used: {
      subject: 'A recovery code was used',
      text: 'A recovery code of your account was used. If it was not you, change the password and get new codes.',
    },
    recovery_codes_renewed: {
      subject: 'New recovery codes',
      text: 'New recovery codes were made for your account, and those from before count no more. If it was not you, change the password and get new ones.',
    },
    factor_guessed: {
      subject: 'The second factor is being guessed',
      text: 'Somebody who knows your password gave many wrong codes of the second factor. If it was not you, change the password.',
    },
    factor_closed: {
      subject: 'Codes of your app count no more',
      text: 'Too many codes were wrong: those of your app do not count for up to 30 days. Sign in with a recovery code, or ask an administrator, and change the password.',
    },
    passkey_copied: {
      subject: 'A passkey was refused',
      text: 'A passkey of your account was refused: it may have been copied. Remove it among your second factors and change the password.',
    },
  },
};
