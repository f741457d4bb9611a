export const API_KEY = 'test-user-link-key';
export const EXTERNAL_IDS = ['200-alice', '503.reset.200-bob', 'hang.200-carol', '401-dave'];
