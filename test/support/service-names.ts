/** Servers beside the database that some tests need, and the variable that names each for a test run. */
export const SERVICES = {
  redis: { variable: 'TEST_REDIS_URL', title: 'Redis', example: 'redis://127.0.0.1:6379' },
  rabbitmq: { variable: 'TEST_RABBITMQ_URL', title: 'RabbitMQ', example: 'amqp://guest:guest@127.0.0.1:5672' },
} as const;

export type ServiceName = keyof typeof SERVICES;
