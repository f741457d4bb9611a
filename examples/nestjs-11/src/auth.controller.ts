import { promisify } from 'node:util';
import {
  Body,
  ConflictException,
  Controller,
  Get,
  HttpCode,
  Post,
  Req,
  ServiceUnavailableException,
  UnauthorizedException,
} from '@nestjs/common';
import { IsEmail, MinLength } from 'class-validator';
import type { Request } from 'express';
import { ClientSignal, SentianceService } from './sentiance.module';
import { type User, UserStore } from './users';

declare module 'express-session' {
  interface SessionData {
    userId: string;
  }
}

export class CredentialsDto {
  @IsEmail() email = '';
  @MinLength(8) password = '';
}

@Controller()
export class AuthController {
  constructor(
    private readonly users: UserStore,
    private readonly sentiance: SentianceService,
  ) {}

  @Post('signup')
  async signup(
    @Body() credentials: CredentialsDto,
    @Req() req: Request,
    @ClientSignal() signal: AbortSignal,
  ) {
    const user = await this.users.add(credentials);
    if (!user) throw new ConflictException('This address has an account.');
    return this.logIn(user, req, signal);
  }

  @Post('login')
  @HttpCode(200)
  async login(
    @Body() credentials: CredentialsDto,
    @Req() req: Request,
    @ClientSignal() signal: AbortSignal,
  ) {
    const user = await this.users.verify(credentials);
    if (!user) throw new UnauthorizedException('Wrong email or password.');
    return this.logIn(user, req, signal);
  }

  /** The app asks again when it got no code, or the code has expired. */
  @Get('sentiance/code')
  async code(@Req() { session }: Request, @ClientSignal() signal: AbortSignal) {
    if (!session.userId) throw new UnauthorizedException('Log in first.');
    const code = await this.sentiance.codeFor(session.userId, signal);
    if (!code) throw new ServiceUnavailableException('No code now. Ask again later.');
    return code;
  }

  private async logIn({ id, email }: User, req: Request, signal: AbortSignal) {
    // A new session, so that an id known from before the login is worth nothing.
    await promisify(req.session.regenerate).call(req.session);
    req.session.userId = id;
    return { email, sentiance: await this.sentiance.codeFor(id, signal) };
  }
}
