import { type MiddlewareConsumer, Module, type NestModule, ValidationPipe } from '@nestjs/common';
import { APP_PIPE } from '@nestjs/core';
import session from 'express-session';
import { LoggerModule } from 'nestjs-pino';
import { AuthController } from './auth.controller';
import { SentianceModule } from './sentiance.module';
import { UserStore } from './users';

const redact = ['req.headers.cookie', 'res.headers["set-cookie"]'];

@Module({
  imports: [LoggerModule.forRoot({ pinoHttp: { redact } }), SentianceModule],
  controllers: [AuthController],
  providers: [UserStore, { provide: APP_PIPE, useClass: ValidationPipe }],
})
export class AppModule implements NestModule {
  configure(consumer: MiddlewareConsumer) {
    const { SESSION_SECRET } = process.env;
    if (!SESSION_SECRET) throw new Error('Set SESSION_SECRET.');
    consumer
      .apply(
        session({
          secret: SESSION_SECRET,
          resave: false,
          saveUninitialized: false,
          cookie: { sameSite: 'lax', secure: 'auto' },
        }),
      )
      .forRoutes('*path');
  }
}
