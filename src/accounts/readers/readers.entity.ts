import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('follows')
export class FollowEntity {
  @PrimaryColumn({ name: 'follower_id', type: 'bigint' }) followerId: string;
  @PrimaryColumn({ name: 'followee_id', type: 'bigint' }) followeeId: string;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}
