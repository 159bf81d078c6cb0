-- The seal (S23). From submission to opening the content of a claim exists in the database only as
-- ciphertext under a key of its challenge that the gateway derives and passes with the call; the
-- digest of the plain text, taken at submission, is what the receipt names and the opening checks.

-- What is signed, receipted and checked: the content together with who does what.
create or replace function core.claim_digest(p_claim uuid, p_content jsonb) returns text
language sql security definer set search_path = '' as $$
  select workflow.digest(jsonb_build_object('content', p_content, 'partners', (
           select coalesce(jsonb_agg(jsonb_build_object('unit', p.unit, 'duty', p.duty, 'share_pct', p.share_pct) order by p.unit), '[]')
             from core.claim_partner p where p.claim = p_claim)))
$$;

-- The leader's name in a form that can be compared and not read.
create or replace function core.leader_key(p_unit uuid, p_name text) returns text
language sql immutable security definer set search_path = '' as
$$ select workflow.digest(to_jsonb(p_unit::text || ' ' || p_name)) $$;

create or replace function core.seal_claim(p_claim uuid, p_key text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if coalesce(p_key, '') = '' then
    raise exception 'sealing needs a key';
  end if;
  -- a random 256-bit key needs no stretching: s2k-mode 0
  update core.claim
     set sealed = public.pgp_sym_encrypt(content::text, p_key, 'cipher-algo=aes256, s2k-mode=0'),
         content = null, leader = core.leader_key(unit, leader)
   where id = p_claim;
end;
$$;

-- The plain content of a sealed claim; 409 seal_broken when key or ciphertext are not right.
create or replace function core.open_seal(p_claim core.claim, p_key text) returns jsonb
language plpgsql security definer set search_path = '' as $$
begin
  return public.pgp_sym_decrypt(p_claim.sealed, p_key)::jsonb;
exception when external_routine_invocation_exception or invalid_text_representation then
  perform workflow.refuse(409, 'seal_broken', jsonb_build_object('claim', p_claim.id));
end;
$$;

-- Decrypts every submitted claim of a challenge and checks it against its receipt.
create or replace function core.unseal_claims(p_item uuid, p_key text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_before  text := workflow.as_system();
  v_claim   core.claim;
  v_content jsonb;
begin
  perform core.lock_claims(p_item);
  for v_claim in select c.* from core.claim c join workflow.item i on i.id = c.id
                  where c.item = p_item and c.live and c.sealed is not null and i.state = 'submitted' order by c.id for update of c loop
    v_content := core.open_seal(v_claim, p_key);
    if core.claim_digest(v_claim.id, v_content) <> v_claim.digest then
      perform workflow.refuse(409, 'seal_broken', jsonb_build_object('claim', v_claim.id));
    end if;
    update core.claim set content = v_content, sealed = null, leader = v_content #>> '{leader,name}' where id = v_claim.id;
  end loop;
  perform workflow.back_to(v_before);
end;
$$;
