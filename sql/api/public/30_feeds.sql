-- Feeds, the calendar, the site map: what programs fetch by themselves. p_site is where people reach
-- the service (https://host); what people typed is escaped, and characters that XML has not are left out.

create or replace function core.xml(p_text text) returns text
language sql immutable security definer set search_path = '' as $$
  select replace(replace(replace(replace(regexp_replace(coalesce(p_text, ''), E'[\\x01-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]', '', 'g'),
           '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;')
$$;

create or replace function core.utc(p_time timestamptz) returns text
language sql stable security definer set search_path = '' as
$$ select to_char(p_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') $$;

-- One entry of an Atom feed (RFC 4287).
create or replace function core.atom_entry(p_id uuid, p_link text, p_title text, p_at timestamptz, p_updated timestamptz, p_summary text, p_term text)
returns text language sql stable security definer set search_path = '' as $$
  select format(E'<entry><id>urn:uuid:%s</id><title>%s</title><link href="%s"/><published>%s</published><updated>%s</updated><summary>%s</summary>%s</entry>\n',
    p_id, core.xml(p_title), core.xml(p_link), core.utc(p_at), core.utc(p_updated), core.xml(p_summary),
    case when p_term is not null then format('<category term="%s"/>', core.xml(p_term)) else '' end)
$$;

create or replace function core.atom_feed(p_site text, p_path text, p_page text, p_title text, p_updated timestamptz, p_entries text)
returns text language sql stable security definer set search_path = '' as $$
  select format(E'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN"><id>%1$s</id><title>%2$s</title>'
    || E'<link rel="self" href="%1$s"/><link href="%3$s"/><updated>%4$s</updated><author><name>%5$s</name></author>\n%6$s</feed>\n',
    core.xml(p_site || p_path), core.xml(case when core.is_sample() then '样例数据：' else '' end || p_title), core.xml(p_site || p_page),
    core.utc(coalesce(p_updated, workflow.now())), core.xml(coalesce(core.bureau_name(), '揭榜挂帅服务平台')), coalesce(p_entries, ''))
$$;

-- GET /items.atom: the fifty challenges that were published or moved last.
create or replace function api.items_atom(p_site text) returns table (status int, text text, media text, filename text)
language plpgsql security definer set search_path = '' as $$
declare
  v_entries text;
  v_last    timestamptz;
begin
  perform workflow.as_reader();
  select string_agg(core.atom_entry(d.item, p_site || '/items/' || d.item, d.doc ->> 'title', d.at, (d.doc ->> 'since')::timestamptz,
           concat_ws('，', d.doc ->> 'number', d.doc #>> '{state,zh}', '经费' || (d.doc ->> 'budget_wan') || '万元',
                     '揭榜截止' || core.shanghai(d.doc ->> 'claim_until')), d.doc ->> 'industry'), '' order by (d.doc ->> 'since')::timestamptz desc, d.item),
         max((d.doc ->> 'since')::timestamptz)
    into v_entries, v_last
    from (select f.item, f.at, f.doc::jsonb as doc from core.face f where f.public order by f.at desc, f.item limit 50) d;
  return query select 200, core.atom_feed(p_site, '/items.atom', '/items', '揭榜挂帅榜题', v_last, v_entries),
    'application/atom+xml; charset=utf-8', null::text;
end;
$$;

-- GET /notices.atom: the fifty newest notices.
create or replace function api.notices_atom(p_site text) returns table (status int, text text, media text, filename text)
language plpgsql security definer set search_path = '' as $$
declare
  v_entries text;
  v_last    timestamptz;
begin
  perform workflow.as_reader();
  select string_agg(core.atom_entry(n.id, p_site || '/notices/' || n.id, n.title, n.published_at, n.since,
           concat_ws('，', n.doc_no, n.label_zh, '公示至' || core.shanghai(n.until_at::text)), null), '' order by n.published_at desc, n.id), max(n.since)
    into v_entries, v_last
    from (select k.*, i.since, s.label_zh from workflow.item i join core.notice k on k.id = i.id
            join workflow.state s on s.machine = i.machine and s.state = i.state
           where i.machine = 'notice' and i.public order by i.created_at desc, i.id limit 50) n;
  return query select 200, core.atom_feed(p_site, '/notices.atom', '/notices', '揭榜挂帅公示', v_last, v_entries),
    'application/atom+xml; charset=utf-8', null::text;
end;
$$;

-- GET /sitemap.xml: the public pages, newest challenges first; 5,000 addresses are enough for a city.
create or replace function api.sitemap_xml(p_site text) returns table (status int, text text, media text, filename text)
language plpgsql security definer set search_path = '' as $$
declare
  v_urls text;
begin
  perform workflow.as_reader();
  select string_agg(format(E'<url><loc>%s</loc>%s</url>\n', core.xml(p_site || u.path),
           case when u.at is not null then '<lastmod>' || core.utc(u.at) || '</lastmod>' else '' end), '' order by u.n, u.at desc, u.path)
    into v_urls
    from (select 1 as n, p as path, null::timestamptz as at
            from unnest(array['/', '/items', '/lists', '/batches', '/programmes', '/notices', '/projects', '/statistics', '/clocks',
                              '/recommenders', '/libraries', '/help', '/help/glossary', '/accessibility', '/feeds', '/sitemap']) p
          union all
          select 2, '/' || m.path || '/' || x.id, x.since
            from (values ('list_item', 'items'), ('list', 'lists'), ('notice', 'notices'), ('project', 'projects'), ('batch', 'batches')) m (machine, path)
           cross join lateral (select i.id, i.since from workflow.item i where i.machine = m.machine and i.public
                                order by i.created_at desc, i.id limit 1000) x) u;
  return query select 200,
    E'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n' || v_urls || E'</urlset>\n',
    'application/xml; charset=utf-8', null::text;
end;
$$;

-- GET /robots.txt: the public pages may be read; what needs a session leads nowhere.
create or replace function api.robots_txt(p_site text) returns table (status int, text text, media text, filename text)
language sql stable security definer set search_path = '' as $$
  select 200, concat_ws(E'\n', 'User-agent: *', 'Disallow: /desk', 'Disallow: /work/', 'Disallow: /sign-in', 'Disallow: /preferences',
    'Disallow: /*?*_next=', 'Disallow: /items?*q=', 'Sitemap: ' || p_site || '/sitemap.xml', ''), 'text/plain; charset=utf-8', null::text
$$;
