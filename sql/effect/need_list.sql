-- Effects of a list: what freezing, thawing, dropping and publishing do.

-- What one entry of a list says: the argued wording as it will be published, with the posters. Its
-- digest is public also where the posters are not: the salt, which is never shown, keeps anybody from
-- trying the register's names until the digest fits.
create or replace function core.entry_content(p_need uuid) returns jsonb
language sql security definer set search_path = '' as $$
  select core.publishable(core.need_wording(p_need)) || jsonb_build_object('posters', core.need_posters(p_need), 'kind', n.kind, 'origin', n.origin,
           'salt', workflow.digest(to_jsonb(p_need)))
    from core.need n where n.id = p_need
$$;

-- Numbers follow those already published in the programme, without gaps; then the public content of
-- the whole list, masked, with the hash of each item's full content beside it.
create or replace function effect.list_frozen(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_programme core.programme := core.programme_of(p_item);
  v_prefix    text := core.number_prefix(v_programme);
  v_from      int;
  v_content   jsonb;
begin
  select count(*) into v_from from core.list_item x join core.list l on l.id = x.list join core.batch b on b.id = l.batch
   where b.programme = v_programme.id;
  update core.list_entry set number = v_prefix || '-' || lpad((v_from + ordinal)::text, 2, '0') where list = p_item;
  select jsonb_build_object('number', l.number, 'title', l.title, 'doc_no', l.doc_no, 'minutes_no', l.minutes_no, 'body', l.body,
           'programme', jsonb_build_object('code', v_programme.code, 'name', v_programme.name, 'year', v_programme.year),
           'items', (select jsonb_agg(jsonb_build_object('number', e.number, 'ordinal', e.ordinal, 'masking', e.masking, 'max_winners', e.max_winners,
                              'claim_until', e.claim_until, 'digest', workflow.digest(core.entry_content(e.need)),
                              'content', core.public_content(core.entry_content(e.need), e.masking)) order by e.ordinal)
                       from core.list_entry e where e.list = l.id))
    into v_content from core.list l where l.id = p_item;
  update core.list set content = v_content, hash = workflow.digest(v_content), frozen_by = auth.me(), frozen_at = workflow.now()
   where id = p_item;
end;
$$;

-- Open for work again: nothing of the fixing remains.
create or replace function effect.list_thawed(p_item uuid, p_data jsonb) returns void
language sql security definer set search_path = '' as $$
  update core.list_entry set number = null where list = p_item;
  update core.list set content = null, hash = null, frozen_by = null, frozen_at = null where id = p_item;
$$;

-- The needs of a dropped list can go onto another.
create or replace function effect.list_dropped(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_need uuid;
begin
  for v_need in select need from core.list_entry where list = p_item order by need loop
    perform workflow.cascade(v_need, 'unlist', jsonb_build_object('list', p_item));
  end loop;
  delete from core.list_entry where list = p_item;
end;
$$;

-- Every entry becomes a challenge that can be claimed until its deadline.
create or replace function effect.list_published(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_list  core.list;
  v_batch workflow.item;
  v_entry core.list_entry;
begin
  update core.list set published_at = workflow.now() where id = p_item;
  select * into strict v_list from core.list where id = p_item;
  for v_entry in select * from core.list_entry where list = p_item order by ordinal loop
    perform core.publish_entry(v_list, v_entry);
  end loop;
  select * into strict v_batch from workflow.item where id = v_list.batch;
  if v_batch.state not in ('claims_closed', 'choosing', 'approving', 'noticing', 'running') then
    perform workflow.cascade(v_batch.id, 'publish', jsonb_build_object('list', p_item));
  end if;
end;
$$;

create or replace function core.publish_entry(p_list core.list, p_entry core.list_entry) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_need    core.need;
  v_source  workflow.item;
  v_content jsonb := core.entry_content(p_entry.need);
  v_title   text := core.public_content(v_content, p_entry.masking) ->> 'title';  -- it stands in every list
  v_id      uuid;
begin
  select * into strict v_need from core.need where id = p_entry.need;
  select * into strict v_source from workflow.item where id = p_entry.need;
  v_id := workflow.create_item('list_item', v_source.preset, v_title, v_source.batch, v_source.owner, v_source.recommender,
                               p_list.id, jsonb_build_object('number', p_entry.number), 'leader');
  insert into core.list_item (id, list, need, ordinal, number, title, industry, field, division, poster, masking, claim_until, sealed,
                              max_winners, budget_fen, content)
  values (v_id, p_list.id, v_need.id, p_entry.ordinal, p_entry.number, v_title, v_content ->> 'industry', v_content #>> '{fields,0}',
          v_need.division, v_source.owner, p_entry.masking, p_entry.claim_until, (core.rules_of(p_list.id) #>> '{claims,sealed}')::boolean,
          p_entry.max_winners, (v_content ->> 'budget_fen')::bigint, v_content);
  insert into core.item_version (item, revision, content, hash, note, by, at)
  values (v_id, 1, v_content, workflow.digest(v_content), p_list.number, auth.me(), workflow.now());
  insert into workflow.party (item, role, unit)
  select v_id, 'poster', p.unit from workflow.party p where p.item = v_need.id and p.role = 'poster';
  perform core.keep_need_version(v_need.id, 'published', v_content, p_entry.number);
  perform workflow.cascade(v_need.id, 'publish', jsonb_build_object('item', v_id, 'number', p_entry.number));
  perform workflow.set_timer(v_id, 'claims_close', p_entry.claim_until);
  perform core.refresh_face(v_id);
  return v_id;
end;
$$;
