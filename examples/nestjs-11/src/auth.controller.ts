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
  Session,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { IsEmail, MinLength } from 'class-validator';
import { type User, UserStore } from 'example-users';
import type { Request } from 'express';
import type { SessionData } from 'express-session';
import { ClientSignal } from './client-signal.decorator';
import { SentianceService } from './sentiance.module';
import { SessionGuard } from './session.guard';

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

  @Get('sentiance/code')
  @UseGuards(SessionGuard)
  async code(@Session() { userId }: SessionData, @ClientSignal() signal: AbortSignal) {
    const code = await this.sentiance.codeFor(userId, signal);
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
