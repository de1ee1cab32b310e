export { createLogger, type Logger, type LoggerOptions, type LogLevel } from './logger';
export { createMetrics, type Metrics, type ObservedRequest } from './metrics';
export { createHealthServer, type HealthServerOptions } from './health-server';
export { type ModelGauges, type ModelMetrics } from './model-metrics';
export { type Delivery, type DeliveryMetrics } from './delivery-metrics';
export { type MailMetrics, type MailOutcome } from './mail-metrics';
export { type BrokerName, type ByteGauges } from './byte-gauges';
export { type RedisMetrics } from './redis-metrics';
export { type WorkMetrics } from './work-metrics';
