-- The cache of jiebang-match in front of an embedding endpoint: services/match/serve/embed.h.

-- What is known of these texts. That one was asked for is noted, now and then.
create or replace function feed.vectors(p_model text, p_sums uuid[]) returns table (sum uuid, vector bytea)
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
begin
  update feed.vector v set used_on = workflow.today()
   where v.model = p_model and v.sum = any (p_sums) and v.used_on < workflow.today() - 30;
  return query select v.sum, v.vector from feed.vector v where v.model = p_model and v.sum = any (p_sums);
end;
$$;

-- Keeps what the endpoint said of each of the texts.
create or replace function feed.keep_vectors(p_model text, p_sums uuid[], p_vectors bytea[]) returns void
language sql security definer set search_path = '' as $$
  insert into feed.vector (model, sum, vector, used_on)
  select distinct on (s) p_model, s, v, workflow.today() from unnest(p_sums, p_vectors) t (s, v)
  on conflict (model, sum) do update set vector = excluded.vector, used_on = excluded.used_on;
$$;
