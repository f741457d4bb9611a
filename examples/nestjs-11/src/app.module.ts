import { Module } from '@nestjs/common';
import { UserStore } from 'example-users';
import { LoggerModule } from 'nestjs-pino';
import { AuthController } from './auth.controller';
import { SentianceModule } from './sentiance.module';

const redact = ['req.headers.cookie', 'res.headers["set-cookie"]'];

@Module({
  imports: [LoggerModule.forRoot({ pinoHttp: { redact } }), SentianceModule],
  controllers: [AuthController],
  providers: [UserStore],
})
export class AppModule {}
